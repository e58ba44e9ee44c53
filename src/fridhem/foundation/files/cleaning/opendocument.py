"""OpenDocument text (ODF, ISO/IEC 26300): the words, their styles and the pictures, written anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from fridhem.foundation.files.cleaning import packages, pictures, sniffing
from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Removed, Unfit, Unfitness
from fridhem.foundation.files.cleaning.packages import local

HREF = "{http://www.w3.org/1999/xlink}href"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
WRITER = "http://openoffice.org/2009/office"  # LibreOffice's own attributes: ids of editing sessions
PARTS = ("content.xml", "styles.xml")
TYPES = {"png": "image/png", "jpg": "image/jpeg"}

DROPPED: Mapping[str, Removed | None] = {
    "annotation": Removed.COMMENTS, "annotation-end": None, "tracked-changes": Removed.CHANGES, "change": None,
    "change-start": None, "change-end": None, "scripts": Removed.SCRIPTS, "event-listeners": Removed.SCRIPTS,
    "script": Removed.SCRIPTS, "object": Removed.ATTACHMENTS, "object-ole": Removed.ATTACHMENTS, "plugin": Removed.ATTACHMENTS,
    "applet": Removed.ATTACHMENTS, "floating-frame": Removed.ATTACHMENTS, "forms": Removed.FORMS,
    "dde-connection-decls": Removed.LINKS, "dde-connection": Removed.LINKS, "dde-source": Removed.LINKS,
    "section-source": Removed.LINKS, "database-display": Removed.LINKS, "font-face-src": None, "user-field-decls": None,
    "settings": None, "meta": Removed.PROPERTIES,
}  # fmt: skip
# Fields that write out who made the document, and when, by how their names begin.
TELLING = (
    "author", "creator", "creation-", "modification-", "print", "editing-", "file-name", "user-defined", "sender-", "initial-",
)  # fmt: skip


@dataclass
class _Package:
    parts: Mapping[str, bytes]
    limits: Limits
    drawn: dict[str, str] = field(default_factory=dict)  # old name → new
    kept: dict[str, bytes] = field(default_factory=dict)
    removed: set[Removed] = field(default_factory=set)


def clean(data: bytes, kind: str, limits: Limits) -> Clean:
    """The text with its pictures, and nothing else. Raises `Unfit`."""
    parts = packages.read(data, limits)
    if any(name.startswith(("Basic/", "Scripts/")) for name in parts):
        raise Unfit(Unfitness.MACROS)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Unfit(Unfitness.ENCRYPTED)
    package = _Package(parts, limits)
    if "meta.xml" in parts or "settings.xml" in parts:
        package.removed.add(Removed.PROPERTIES)
    written = {name: _part(package, parts[name]) for name in PARTS if name in parts}
    if "content.xml" not in written:
        raise Unfit(Unfitness.BROKEN)
    every = {"mimetype": sniffing.ODT_TYPE, **written, **package.kept}
    every["META-INF/manifest.xml"] = _manifest(every)
    return Clean("odt", packages.write(every, stored="mimetype"), frozenset(package.removed))


def _part(package: _Package, content: bytes) -> bytes:
    root = packages.xml(content)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            raise Unfit(Unfitness.ACTIVE)
        _clean_element(package, element)
    return packages.text(root)


def _clean_element(package: _Package, element: etree._Element) -> None:
    name = local(element.tag)
    if name in DROPPED:
        if said := DROPPED[name]:
            package.removed.add(said)
        packages.take_out(element)
        return
    if "text:1.0" in element.tag and name.startswith(TELLING):
        element.text = ""
    for attribute in list(element.attrib):
        if WRITER in attribute:
            del element.attrib[attribute]
    if HREF in element.attrib:
        _clean_link(package, element)


def _clean_link(package: _Package, element: etree._Element) -> None:
    target = element.attrib[HREF]
    if target.startswith("#"):
        return
    if target.removeprefix("./") in package.parts and _draw(package, target.removeprefix("./")):
        element.attrib[HREF] = package.drawn[target.removeprefix("./")]
    elif local(element.tag) == "a":
        package.removed.add(Removed.LINKS)
        element.tag = element.tag.replace("}a", "}span")
        element.attrib.clear()
    else:
        package.removed.add(Removed.PICTURES if local(element.tag) == "image" else Removed.LINKS)
        packages.take_out(element)


def _draw(package: _Package, name: str) -> bool:
    """Draw a picture of the package anew; whether it could be."""
    if name in package.drawn:
        return True
    try:
        kind = sniffing.kind_of(package.parts[name])
        drawn = pictures.clean(package.parts[name], kind, package.limits) if kind in pictures.FORMATS else None
    except (Unfit, OSError, ValueError, SyntaxError):
        drawn = None
    if drawn is None:
        return False
    package.removed |= drawn.removed
    package.drawn[name] = f"Pictures/{len(package.drawn) + 1}.{'jpg' if drawn.kind == 'jpeg' else 'png'}"
    package.kept[package.drawn[name]] = drawn.data
    return True


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={"manifest": MANIFEST})
    own = {"/": sniffing.ODT_TYPE.decode()} | {
        name: TYPES.get(name.rpartition(".")[2], "text/xml") for name in parts if name != "mimetype"
    }
    for name, type in own.items():
        line = {f"{{{MANIFEST}}}full-path": name, f"{{{MANIFEST}}}media-type": type}
        etree.SubElement(root, f"{{{MANIFEST}}}file-entry", line)
    return packages.text(root)
