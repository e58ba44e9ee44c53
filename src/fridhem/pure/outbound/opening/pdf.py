"""PDF: the text of its pages through PDFium, and all strings and streams of its objects (forms, notes, links …) through pypdf."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Lock
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject

from fridhem.pure.outbound.opening import markup, pictures, plain
from fridhem.pure.outbound.opening.packages import Inside
from fridhem.pure.outbound.opening.pieces import Broken, Limits, Opened, Piece, Unchecked

MOST_PAGES = 1_000
GARBAGE = 0.05  # share of signs that no font explains, from which a page's text isn't trusted
_one_at_a_time = Lock()  # PDFium may be called by one thread at a time
_ODD = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0b-\x1f]")
_STRINGS = re.compile(rb"\((?:[^()\\]|\\.)*\)")
DRAWN = {pypdfium2.raw.FPDF_PAGEOBJ_PATH, pypdfium2.raw.FPDF_PAGEOBJ_SHADING, pypdfium2.raw.FPDF_PAGEOBJ_FORM}


def reader(inside: Inside) -> Callable[[str, bytes, Limits], Opened]:
    """A reader of everything that a PDF says, shown or not, which opens what is attached with `inside`."""

    def read(name: str, data: bytes, limits: Limits) -> Opened:
        end = data.rfind(b"%%EOF")
        if data.count(b"%%EOF") > 1 + (b"/Linearized" in data[:2048]):
            yield Unchecked(name, "earlier_versions")
        if end < 0 or data[end + 5 :].strip() or data[: data.index(b"%PDF-")].strip():
            yield Unchecked(name, "hidden_data")
        yield from _pages(name, data)
        yield from _objects(name, data, limits, inside)

    return read


def _pages(name: str, data: bytes) -> Opened:
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Broken("encrypted" if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD else "broken") from None
        try:
            if len(document) > MOST_PAGES:
                raise Broken("too_large")
            shown = [_page(document[number]) for number in range(len(document))]
        finally:
            document.close()
    for text, ranged, is_readable in shown:
        if not is_readable:
            yield Unchecked(name, "no_text")
        if ranged != text:
            yield Piece(name, "hidden", ranged)
    yield Piece(name, "text", "\f".join(text for text, _ranged, _is_readable in shown), is_paged=True)


def _page(page: Any) -> tuple[str, str, bool]:
    """A page's text, its text with what lies outside the page, and whether that can be all it says."""
    texts = page.get_textpage()
    text, ranged = _clean(texts.get_text_bounded()), _clean(texts.get_text_range())
    odd = len(_ODD.findall(ranged))
    is_drawn = any(item.type in DRAWN for item in page.get_objects(max_depth=3))
    return text, ranged, odd <= GARBAGE * max(len(ranged), 1) and (bool(ranged.strip()) or not is_drawn)


def _clean(text: str) -> str:
    return (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "\u00ad").replace("\x02", "\u00ad").replace("\f", "\n")
    )


def _objects(name: str, data: bytes, limits: Limits, inside: Inside) -> Opened:
    document = pypdf.PdfReader(BytesIO(data), strict=False)
    if document.is_encrypted:
        raise Broken("encrypted")
    strings: list[str] = []
    for item in _every(document):
        strings += _strings(item)
        if isinstance(item, StreamObject):
            yield from _stream(name, item, limits, inside)
    said = "\n".join(strings)
    yield Piece(name, "hidden", said)
    yield from plain.variants(name, "link", said)


def _every(document: pypdf.PdfReader) -> Iterator[Any]:
    numbers = {(number, generation) for generation, table in document.xref.items() for number in table if number}
    numbers |= {(number, 0) for number in document.xref_objStm}
    for number, generation in sorted(numbers):
        found = document.get_object(IndirectObject(number, generation, document))
        if found is not None:
            yield found
    yield document.trailer


def _strings(item: Any) -> list[str]:
    """The strings in an object, and in what lies directly in it."""
    match item:
        case TextStringObject():
            return [str(item)]
        case ByteStringObject():
            wide = item[:2] in {b"\xfe\xff", b"\xff\xfe"}
            return [bytes(item).decode("utf-16" if wide else "latin-1", errors="ignore")]
        case DictionaryObject():
            return [text for value in item.values() if not isinstance(value, IndirectObject) for text in _strings(value)]
        case ArrayObject():
            return [text for value in item if not isinstance(value, IndirectObject) for text in _strings(value)]
    return []


def _stream(name: str, stream: Any, limits: Limits, inside: Inside) -> Opened:
    kind, subtype = stream.get("/Type"), stream.get("/Subtype")
    if subtype == "/Image":
        yield from _image(name, stream, limits)
        return
    if any(key in stream for key in ("/Length1", "/Length2")) or subtype in {"/Type1C", "/CIDFontType0C", "/OpenType"}:
        return  # a font
    body = stream.get_data()
    limits.unpacked -= len(body)
    if limits.unpacked < 0:
        raise Broken("too_large")
    if kind == "/EmbeddedFile":
        yield from inside(name, "attachment", body, limits)
    elif body.lstrip()[:1] == b"<":
        yield from markup.pieces(name, "metadata", markup.tree(body, as_html=True))
    elif kind not in {"/XRef", "/ObjStm"}:
        yield from _content(name, body, limits)


def _content(name: str, body: bytes, limits: Limits) -> Opened:
    """What is drawn, as written: text in unusual modes or layers too; and pictures drawn in line."""
    if re.search(rb"\bBI\b.{0,300}?\bID\b", body, re.S):
        yield Unchecked(name, "picture")
    said = b"".join(_STRINGS.findall(body))
    yield Piece(name, "hidden", re.sub(r"\)\(", "", said.decode("latin-1")))
    if b"\0" not in body[:200]:
        yield Piece(name, "hidden", plain.decoded(body))


def _image(name: str, stream: Any, limits: Limits) -> Opened:
    if min(int(stream.get("/Width", 10**6)), int(stream.get("/Height", 10**6))) <= pictures.TINY:
        return
    raw = bytes(stream._data)
    if pictures.is_picture(raw):
        yield from pictures.read(name, raw, limits)
    else:
        yield Unchecked(name, "picture")
