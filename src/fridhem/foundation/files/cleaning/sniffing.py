"""What kind a file is by what it begins with; its name is never asked. A first guess: only parsing proves it."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from fridhem.foundation.files.cleaning.outcome import Unfit, Unfitness

STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
UNFIT_STARTS: tuple[tuple[bytes, Unfitness], ...] = (
    (b"7z\xbc\xaf\x27\x1c", Unfitness.ARCHIVE),
    (b"Rar!\x1a\x07", Unfitness.ARCHIVE),
    (b"\x1f\x8b", Unfitness.ARCHIVE),
    (b"BZh", Unfitness.ARCHIVE),
    (b"\xfd7zXZ\x00", Unfitness.ARCHIVE),
    (b"(\xb5/\xfd", Unfitness.ARCHIVE),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
TAR_MARK = slice(257, 262)
CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


def kind_of(data: bytes) -> str:
    """The kind that the content says. Raises `Unfit` for what is empty, or of no kind that can be cleaned."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unfit(Unfitness.EMPTY)
    for start, kind in STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"PK"):
        return _package(data)
    if b"%PDF-" in data[:1024]:  # some programs write a line before it
        return "pdf"
    _refuse_known(data)
    return "text"


def _package(data: bytes) -> str:
    try:
        with ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
            mimetype = packed.open("mimetype").read(64) if "mimetype" in names else b""
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unfit(Unfitness.BROKEN) from None
    if mimetype.strip() == ODT_TYPE:
        return "odt"
    if "[Content_Types].xml" not in names:
        raise Unfit(Unfitness.ARCHIVE)
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Unfit(Unfitness.NOT_ACCEPTED)


def _refuse_known(data: bytes) -> None:
    for start, why in UNFIT_STARTS:
        if data.startswith(start):
            raise Unfit(why)
    if data.startswith(OLE):
        raise Unfit(_inside_ole(data))
    if data[TAR_MARK] == b"ustar":
        raise Unfit(Unfitness.ARCHIVE)
    text_in_words = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 has zeros of its own
    if not text_in_words and CONTROL & set(data[:65536]):
        raise Unfit(Unfitness.NOT_ACCEPTED)


def _inside_ole(data: bytes) -> Unfitness:
    """An old Word or Excel file, or a new one behind a password: both lie in the same kind of envelope."""
    if ENCRYPTED_OFFICE in data:
        return Unfitness.ENCRYPTED
    return Unfitness.MACROS if any(mark in data for mark in MACROS) else Unfitness.NOT_ACCEPTED
