"""HTML, SVG and XML: what is shown, and what lies in comments, attributes, styles and scripts."""

import re
from base64 import b64decode
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

from fridhem.pure.outbound.opening import pictures, plain
from fridhem.pure.outbound.opening.pieces import Broken, Limits, Opened, Piece, Unchecked

# Elements that end a paragraph; what stands in others is joined without a blank.
BREAKS = set(
    "p div br li tr td th h1 h2 h3 h4 h5 h6 table section article header footer option title dt dd blockquote pre figure "
    "row c si h list-item table-cell table-row text comment annotation footnote endnote sdt tab cr instrText".split()
)
_DATA = re.compile(r"data:([\w/+.\-]*)(;[\w=\-]+)*?(;base64)?,([^\"'\s)<>]*)", re.I)
PICTURE_ELEMENTS = {"path", "polygon", "polyline", "image", "canvas"}


def read(name: str, data: bytes, limits: Limits) -> Opened:
    """A page as it's read, and everything else in its source."""
    source = plain.decoded(data)
    yield from pieces(name, "text", tree(source.encode(), as_html=True))
    yield Piece(name, "hidden", source)
    yield from plain.variants(name, "hidden", source)
    yield from _embedded(name, source, limits)
    if re.search(r"<\s*(?:\w+:)?svg\b", source, re.I) and re.search(r"<\s*(?:\w+:)?(?:path|image|polygon)\b", source, re.I):
        yield Unchecked(name, "picture")


def tree(data: bytes, *, as_html: bool = False) -> etree._Element:
    """The parsed document; nothing outside it is ever fetched. Raises `Broken`."""
    if as_html:
        found = lxml_html.document_fromstring(
            data, parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        )
    else:
        found = etree.fromstring(data, parser=etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    if found is None:
        raise Broken
    return found


def pieces(name: str, part: str, root: etree._Element) -> Opened:
    """The text of a tree with its paragraphs, the same with blanks between all elements, and what isn't shown."""
    joined, spaced, comments, values = [], [], [], []
    for element in root.iter():
        if not isinstance(element.tag, str):
            comments.append(str(element.text or ""))
        else:
            text = element.text or ""
            joined.append(text)
            spaced += [text, " "]
            values += [str(value) for value in element.attrib.values()]
        _end(element, joined, spaced)
    text = "".join(joined)
    yield Piece(name, part, text)
    yield Piece(name, part, "".join(spaced))
    if comments:
        yield Piece(name, "comment", "\n".join(comments))
    if values:
        yield Piece(name, "hidden", "\n".join(values))
        unquoted = unquote("\n".join(values))
        yield Piece(name, "link", unquoted)


def _end(element: etree._Element, joined: list[str], spaced: list[str]) -> None:
    """What follows an element; the paragraph breaks where it ends, and where its parents' last child ends."""
    here = element
    while here is not None and (here is element or here.getnext() is None):
        if here is element and len(element) and isinstance(element.tag, str):
            return
        if isinstance(here.tag, str) and re.split("[}:]", here.tag)[-1].lower() in BREAKS:
            joined.append("\n")
        tail = here.tail or ""
        joined.append(tail)
        spaced += [tail, " "]
        if here.getnext() is not None:
            return
        here = here.getparent()


def _embedded(name: str, source: str, limits: Limits) -> Opened:
    """What lies in data: addresses."""
    for kind, _options, coded, content in _DATA.findall(source):
        data = b64decode(content + "=" * (-len(content) % 4)) if coded else unquote(content).encode()
        if pictures.is_picture(data) or kind.startswith("image/"):
            yield from pictures.read(f"{name} › data:{kind}", data, limits)
        else:
            yield from plain.read(f"{name} › data:{kind}", data, limits)
