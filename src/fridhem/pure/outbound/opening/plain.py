"""Plain text, in the encodings that files come in, also as it reads once its escapes are undone."""

import html
import re
from base64 import b64decode
from urllib.parse import unquote

from fridhem.pure.outbound.opening.pieces import Broken, Limits, Opened, Piece, Unchecked

_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_QUOTED = re.compile(r"=([0-9A-F]{2})")


def read(name: str, data: bytes, limits: Limits) -> Opened:
    """The text of a text file. Raises `Broken` when it isn't one."""
    text = decoded(data)
    yield Piece(name, "text", text, is_paged="\f" in text)
    yield from variants(name, "hidden", text)
    if data.strip() and not text.strip("\0 \n\r\t"):
        yield Unchecked(name, "no_text")


def decoded(data: bytes) -> str:
    """Bytes as text. Raises `Broken` for what isn't text."""
    for start, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(start):
            return _tried(data, encoding)
    if len(data) > 3 and b"\0" in data[:64]:
        return _tried(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    odd = sum(sign < " " and sign not in "\n\r\t\f" for sign in text[:100_000])
    if odd * 100 > len(text[:100_000]):
        raise Broken("format")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tried(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Broken("format") from None


def variants(name: str, part: str, text: str) -> Opened:
    """The text again, once each escape is undone, where that makes a difference."""
    undone = {
        html.unescape(text) if "&" in text else text,
        unquote(text) if "%" in text else text,
        _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "\\u" in text else text,
        _unquoted(text) if "=" in text else text,
    } - {text}
    yield from (Piece(name, part, variant) for variant in sorted(undone))
    for run in _BASE64.findall(text):
        inner = _from_base64(run)
        if inner:
            yield Piece(name, part, inner)


def _unquoted(text: str) -> str:
    joined = re.sub(r"=\n", "", text)
    data = _QUOTED.sub(lambda code: chr(int(code[1], 16)), joined)
    try:
        return data.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return data


def _from_base64(run: str) -> str:
    """What was packed in signs, in the writing that it fits; what isn't text comes out as signs that say nothing."""
    packed = run.rstrip("=")
    data = b64decode(packed + "=" * (-len(packed) % 4), validate=False) if len(packed) % 4 != 1 else b""
    for writing in ("utf-8", "utf-16") if b"\0" in data else ("utf-8",):
        try:
            return data.decode(writing)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")
