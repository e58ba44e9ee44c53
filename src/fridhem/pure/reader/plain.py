"""Plain text in the encodings that Swedish municipalities have used."""

import codecs

from fridhem.pure.reader.unreadable import Reason, UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL_SHARE = 0.02


def text(data: bytes) -> str:
    """Decode UTF-8, UTF-16 or Latin-1 (as Windows writes it); raise `UnreadableError` for what is not text."""
    decoded = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(c < " " and c not in "\n\t\f\v" for c in decoded)
    if controls > CONTROL_SHARE * len(decoded):
        raise UnreadableError(Reason.UNKNOWN_FORMAT)
    return decoded


def _decode(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _candidates(data: bytes) -> list[str]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return [encoding]
    head = data[:4000]
    # Swedish in UTF-16 without a mark has a zero in nearly every second byte.
    if head[1::2].count(0) > len(head) * 0.35:
        return ["utf-16-le"]
    if head[0::2].count(0) > len(head) * 0.35:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]
