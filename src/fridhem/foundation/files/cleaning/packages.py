"""Office files are packages of XML: read within limits, written anew with nothing but the parts that are kept."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Unfit, Unfitness

NO_DAY = (1980, 1, 1, 0, 0, 0)


def read(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Every part of the package by its name. Raises `Unfit` when it is too much, locked, or not what it says."""
    with ZipFile(BytesIO(data)) as packed:
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        _check(entries, limits)
        parts, left = {}, limits.unpacked
        for entry in entries:
            with packed.open(entry) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise Unfit(Unfitness.TOO_LARGE)
            parts[entry.filename] = content
    return parts


def _check(entries: list[ZipInfo], limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > limits.parts:
        raise Unfit(Unfitness.TOO_LARGE)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unfit(Unfitness.ENCRYPTED)
    if len({name.casefold() for name in names}) < len(names) or any(_strays(name) for name in names):
        raise Unfit(Unfitness.BROKEN)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Unfit(Unfitness.BROKEN)


def _strays(name: str) -> bool:
    """Whether the part would land outside a folder that it is unpacked in."""
    return name.startswith(("/", "\\")) or ":" in name or "\\" in name or ".." in name.split("/")


def write(parts: Mapping[str, bytes], *, stored: str = "") -> bytes:
    """The package of `parts`, in their order, without a day or a maker. The part `stored` is not compressed."""
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name, content in parts.items():
            entry = ZipInfo(name, NO_DAY)
            entry.compress_type = ZIP_STORED if name == stored else ZIP_DEFLATED
            packed.writestr(entry, content)
    return out.getvalue()


def xml(content: bytes) -> etree._Element:
    """The root of a part. Raises `Unfit` for XML that declares entities of its own, which no office program writes."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unfit(Unfitness.ACTIVE)
    return root


def text(root: etree._Element) -> bytes:
    """The part as it is written."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def take_out(element: etree._Element) -> None:
    """Remove an element but not the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def local(name: object) -> str:
    """A tag's or attribute's name without its namespace; empty for what isn't an element."""
    return etree.QName(name).localname if isinstance(name, str) else ""
