"""DOCX → text, in reading order with header, tables, text boxes and content controls, opened only when it is safe to."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import XMLSyntaxError, _Element

from fridhem.pure.reader.unreadable import Reason, UnreadableError

MAX_UNPACKED = 100_000_000
MAX_FILES = 2_000
MAX_DEPTH = 200

BODY = "word/document.xml"
SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "\u00ad",
}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml")}
# Left out: what was struck by a tracked change, and the older copy that Word keeps beside a text box.
SKIPPED = {FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:instrText")}


def text(data: bytes) -> str:
    """Give the document's text; a table's row is a line with ` | ` between its cells.

    Raises `UnreadableError`: `BROKEN`, `UNKNOWN_FORMAT` for another kind of zip, `TOO_LARGE` before anything is unpacked.
    """
    _check_package(data)
    try:
        document = Document(BytesIO(data))
        parts = [*_headers(document), document.element.body]
        return "\n".join(line for part in parts for line in _lines(part, 0))
    except (KeyError, ValueError, AttributeError, BadZipFile, PackageNotFoundError, XMLSyntaxError, EOFError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(Reason.BROKEN) from error


def _check_package(data: bytes) -> None:
    """Look at the zip's own list before any of it is unpacked: a bomb says its size there."""
    try:
        files = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError(Reason.BROKEN) from error
    if len(files) > MAX_FILES or sum(file.file_size for file in files) > MAX_UNPACKED:
        raise UnreadableError(Reason.TOO_LARGE)
    if any(file.flag_bits & 0x1 for file in files):
        raise UnreadableError(Reason.ENCRYPTED)
    if BODY not in {file.filename for file in files}:
        raise UnreadableError(Reason.UNKNOWN_FORMAT)


def _headers(document) -> Iterator[_Element]:  # type: ignore[no-untyped-def]  # python-docx has no public type for it
    """Give the first page's header: the letterhead with date and registry number often stands there only."""
    section = document.sections[0] if document.sections else None
    if section is None:
        return
    if section.different_first_page_header_footer:
        yield section.first_page_header._element
    else:
        yield section.header._element


def _lines(parent: _Element, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise UnreadableError(Reason.BROKEN)
    for child in parent:
        if child.tag == qn("w:p"):
            yield _paragraph(child, depth)
        elif child.tag == qn("w:tbl"):
            yield from (_row(row, depth) for row in _within(child, qn("w:tr")))
        elif child.tag in WRAPPERS:
            yield from _lines(child, depth + 1)


def _row(row: _Element, depth: int) -> str:
    cells = ["\n".join(_lines(cell, depth + 1)).strip() for cell in _within(row, qn("w:tc"))]
    return f"| {' | '.join(cells)} |"


def _within(parent: _Element, tag: str) -> Iterator[_Element]:
    """Give the children called `tag`, also those that a content control wraps."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _within(child, tag)


def _paragraph(paragraph: _Element, depth: int) -> str:
    bullet = "• " if paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None else ""
    return bullet + "".join(_inline(paragraph, depth))


def _inline(parent: _Element, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise UnreadableError(Reason.BROKEN)
    for child in parent:
        if child.tag in SKIPPED:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag == qn("w:txbxContent"):
            yield "\n" + "\n".join(_lines(child, depth + 1)) + "\n"
        else:
            yield from _inline(child, depth + 1)
