"""Zip files, and the documents that are zips: DOCX, XLSX, PPTX, ODT, ODS, EPUB. Every part is read, whatever it's for."""

from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml.etree import XMLSyntaxError

from fridhem.pure.outbound.opening import markup, plain
from fridhem.pure.outbound.opening.pieces import Broken, Limits, Opened, Piece, Unchecked

Inside = Callable[[str, str, bytes, Limits], Opened]
IS_DOCUMENT = {"[Content_Types].xml", "mimetype"}
PARTS = (
    ("word/document", "text"), ("content.xml", "text"), ("word/header", "header"), ("word/footer", "header"),
    ("word/comments", "comment"), ("word/footnotes", "text"), ("word/endnotes", "text"), ("xl/comments", "comment"),
    ("xl/threadedComments", "comment"), ("xl/", "cell"), ("ppt/slides", "text"), ("ppt/notes", "comment"),
    ("docProps/", "metadata"), ("meta.xml", "metadata"), ("customXml/", "metadata"), ("styles.xml", "header"),
)  # fmt: skip
SAFE_BINARY = (".ttf", ".otf", ".odttf")
MOST_RATIO = 200


def reader(inside: Inside) -> Callable[[str, bytes, Limits], Opened]:
    """A reader of packages that opens the files in them with `inside`."""

    def read(name: str, data: bytes, limits: Limits) -> Opened:
        try:
            package = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, NotImplementedError):
            raise Broken from None
        with package:
            entries = package.infolist()
            _check(entries, limits)
            if package.comment:
                yield Piece(name, "metadata", package.comment.decode("utf-8", errors="replace"))
            if _has_more(data, package):
                yield Unchecked(name, "hidden_data")
            is_document = bool(IS_DOCUMENT & {entry.filename for entry in entries})
            yield Piece(name, "file_name", "\n".join(entry.filename for entry in entries))
            yield Piece(name, "metadata", "\n".join(entry.comment.decode("utf-8", errors="replace") for entry in entries))
            for entry in entries:
                if not entry.is_dir():
                    yield from _entry(name, entry, package.read(entry), limits, is_document, inside)

    return read


def _check(entries: list[ZipInfo], limits: Limits) -> None:
    """The zip's own list tells of a bomb before any of it is unpacked."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Broken("encrypted")
    if len(entries) > limits.files or sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Broken("too_large")
    if any(entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(entry.compress_size, 1) for entry in entries):
        raise Broken("too_large")


def _has_more(data: bytes, package: ZipFile) -> bool:
    """Whether something lies before the first part or after the end, where no zip program looks."""
    first = min((entry.header_offset for entry in package.infolist()), default=0)
    end = data.rfind(b"PK\x05\x06")
    return first > 0 or len(data) > end + 22 + len(package.comment)


def _entry(name: str, entry: ZipInfo, data: bytes, limits: Limits, is_document: bool, inside: Inside) -> Opened:
    path = entry.filename
    limits.unpacked -= len(data)
    if is_document and path.lower().endswith(SAFE_BINARY):
        return
    if is_document and (path.endswith((".xml", ".rels", ".vml", ".rdf", ".xhtml", ".opf", ".ncx")) or path == "mimetype"):
        yield from _part(name, path, data)
    else:
        yield from inside(name, PurePosixPath(path).name, data, limits)


def _part(name: str, path: str, data: bytes) -> Opened:
    part = next((part for start, part in PARTS if path.startswith(start)), "hidden")
    if path == "mimetype":
        return
    try:
        yield from markup.pieces(name, part, markup.tree(data))
    except (XMLSyntaxError, ValueError):
        yield Piece(name, part, plain.decoded(data))
        yield Unchecked(name, "broken")
