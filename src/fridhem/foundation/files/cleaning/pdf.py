"""A PDF (ISO 32000) built anew from its pages as they look: no scripts, no attachments, no properties, no earlier versions.

What was filled in or marked is first drawn onto the page; then a page keeps its content, its size and what the content needs.
"""

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name

from fridhem.foundation.files.cleaning import jpeg
from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Removed, Unfit, Unfitness

PAGE = {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}
# What may stand on any stream or dictionary and tells more than it shows.
TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/JS", "/JavaScript", "/AF", "/OPI", "/Thumb")
# What only streams have: files of their own elsewhere, layers, structure, other documents.
STREAM = ("/F", "/FFilter", "/FDecodeParms", "/OC", "/Ref", "/Measure", "/PtData", "/StructParent", "/StructParents", "/Name")
COMMENTS = {"/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Stamp", "/Ink", "/Caret"}
JPEG, JPEG2000, FLATE = Name.DCTDecode, Name.JPXDecode, Name.FlateDecode


def clean(data: bytes, kind: str, limits: Limits) -> Clean:
    """The same pages, as they look. Raises `Unfit`; a PDF that needs a password to be opened is refused."""
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as source, pikepdf.new() as made:
            if not 0 < len(source.pages) <= limits.pages:
                raise Unfit(Unfitness.TOO_LARGE if len(source.pages) else Unfitness.BROKEN)
            _weigh(source, limits)
            removed = frozenset(_carried(source))
            _draw_annotations(source)
            _take_over(source, made)
            out = BytesIO()
            made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
            return Clean(kind, out.getvalue(), removed, pages=len(made.pages))
    except pikepdf.PasswordError:
        raise Unfit(Unfitness.ENCRYPTED) from None


def _weigh(source: pikepdf.Pdf, limits: Limits) -> None:
    """Refuse what unpacks to too much, before anything is done with it."""
    left = limits.unpacked
    if len(source.objects) > limits.parts * 10:
        raise Unfit(Unfitness.TOO_LARGE)
    for stream in _streams(source):
        if _number(stream, "/Width") * _number(stream, "/Height") > limits.pixels:
            raise Unfit(Unfitness.TOO_LARGE)
        left -= _unpacked(stream, left)
        if left < 0:
            raise Unfit(Unfitness.TOO_LARGE)


def _unpacked(stream: Any, most: int) -> int:
    """How many bytes a stream unpacks to, counted up to a little more than `most`."""
    raw = stream.read_raw_bytes()
    filters = _filters(stream)
    if filters[:1] == [FLATE]:
        unpacking = zlib.decompressobj()
        try:
            first = unpacking.decompress(raw, most + 1)
        except zlib.error:
            return len(raw)
        if len(first) > most or filters[1:2] != [FLATE]:
            return len(first)
        return len(zlib.decompressobj().decompress(first, most + 1))
    return len(raw) * (1 + 200 * sum(f not in (JPEG, JPEG2000) for f in filters)) if len(filters) > 1 else len(raw)


def _carried(source: pikepdf.Pdf) -> Iterator[Removed]:
    """What the file has beside its pages."""
    root = source.Root
    if len(source.docinfo) or Name.Metadata in root:
        yield Removed.PROPERTIES
    names = root.get(Name.Names, pikepdf.Dictionary())
    if Name.JavaScript in names or Name.OpenAction in root or Name.AA in root or any(Name.AA in p.obj for p in source.pages):
        yield Removed.SCRIPTS
    if Name.EmbeddedFiles in names:
        yield Removed.ATTACHMENTS
    if Name.AcroForm in root:
        yield Removed.FORMS
    for annotation in _annotations(source):
        subtype = str(annotation.get(Name.Subtype, ""))
        if subtype == "/FileAttachment":
            yield Removed.ATTACHMENTS
        elif subtype in COMMENTS:
            yield Removed.COMMENTS
        elif Name.A in annotation:
            yield Removed.LINKS


def _annotations(source: pikepdf.Pdf) -> Iterator[Any]:
    for page in source.pages:
        annotations = page.obj.get(Name.Annots)
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(annotation, pikepdf.Dictionary):
                yield annotation


def _draw_annotations(source: pikepdf.Pdf) -> None:
    if Name.AcroForm in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _take_over(source: pikepdf.Pdf, made: pikepdf.Pdf) -> None:
    for page in source.pages:
        for key in [str(key) for key in page.obj if key not in PAGE]:
            del page.obj[key]
    made.pages.extend(source.pages)
    for item in made.objects:
        if isinstance(item, pikepdf.Stream):
            _drop(item, (*TELLING, *STREAM))
            _drop(item.get(Name.Resources), ("/Properties",))
            _clean_picture(item)
        elif isinstance(item, pikepdf.Dictionary):
            _drop(item, TELLING)
            _drop(item.get(Name.Resources), ("/Properties",))


def _drop(item: Any, keys: Iterable[str]) -> None:
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in keys:
            if key in item:
                del item[key]


def _clean_picture(stream: Any) -> None:
    """A photograph in a PDF is a whole JPEG with all that its camera wrote."""
    filters = _filters(stream)
    if JPEG not in filters and JPEG2000 not in filters:
        return
    if filters == [JPEG]:
        stream.write(jpeg.strip(stream.read_raw_bytes()), filter=JPEG, decode_parms=stream.get(Name.DecodeParms))
    elif filters == [FLATE, JPEG]:
        stream.write(jpeg.strip(zlib.decompress(stream.read_raw_bytes())), filter=JPEG)
    else:  # JPEG 2000, or packed in a way that hardly anyone writes: drawn anew
        _redraw(stream)


def _redraw(stream: Any) -> None:
    picture = pikepdf.PdfImage(stream).as_pil_image()
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    stream.write(zlib.compress(picture.convert(mode).tobytes()), filter=FLATE)
    stream[Name.ColorSpace] = Name.DeviceGray if mode == "L" else Name.DeviceRGB
    stream[Name.BitsPerComponent] = 8
    _drop(stream, ("/Decode", "/DecodeParms", "/SMaskInData"))


def _streams(document: pikepdf.Pdf) -> Iterator[Any]:
    return (item for item in document.objects if isinstance(item, pikepdf.Stream))


def _filters(stream: Any) -> list[Any]:
    found = stream.get(Name.Filter)
    return list(found) if isinstance(found, pikepdf.Array) else [found] if found is not None else []


def _number(stream: Any, key: str) -> int:
    value = stream.get(key, 0)
    return int(value) if isinstance(value, int) else 0
