"""Word and Excel (Office Open XML, ISO/IEC 29500): the document and what it needs to look right, written anew.

The package is walked from its main part along the relations in `KEPT`. What can't be reached that way (properties, comments,
embedded objects, macros, printer settings, custom data) is never written.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from fridhem.foundation.files.cleaning import packages, pictures, sniffing
from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Clean, Removed, Unfit, Unfitness
from fridhem.foundation.files.cleaning.packages import local

TYPES = "[Content_Types].xml"
PREFIX = "application/vnd.openxmlformats-officedocument."
MAIN = {"docx": f"{PREFIX}wordprocessingml.document.main+xml", "xlsx": f"{PREFIX}spreadsheetml.sheet.main+xml"}
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# The relations that are followed, by the last word of their type.
KEPT = frozenset(
    "styles settings fontTable numbering theme footnotes endnotes header footer image worksheet sharedStrings drawing chart table"
    " diagramData diagramLayout diagramQuickStyle diagramColors".split()
)
PICTURE_TYPES = {"jpeg": "image/jpeg", "png": "image/png"}

# Elements that go with all they hold, by local name, and what their going is called.
DROPPED: Mapping[str, Removed | None] = {
    "commentRangeStart": None, "commentRangeEnd": None, "commentReference": Removed.COMMENTS, "annotationRef": None,
    "del": Removed.CHANGES, "moveFrom": Removed.CHANGES, "moveFromRangeStart": None, "moveFromRangeEnd": None,
    "moveToRangeStart": None, "moveToRangeEnd": None, "cellDel": None, "cellIns": None, "cellMerge": None,
    "object": Removed.ATTACHMENTS, "altChunk": Removed.ATTACHMENTS, "subDoc": Removed.ATTACHMENTS, "control": Removed.ATTACHMENTS,
    "oleObjects": Removed.ATTACHMENTS, "controls": Removed.ATTACHMENTS, "rsids": None, "attachedTemplate": Removed.LINKS,
    "mailMerge": Removed.LINKS, "docVars": Removed.PROPERTIES, "docId": None, "saveThroughXslt": Removed.LINKS, "permStart": None,
    "permEnd": None, "dataBinding": None, "f": Removed.FORMULAS, "legacyDrawing": None, "legacyDrawingHF": None,
    "externalReferences": Removed.LINKS, "externalData": Removed.LINKS, "fileSharing": Removed.PROPERTIES, "definedNames": None,
    "webPublishing": None, "customWorkbookViews": None, "pivotCaches": None, "absPath": Removed.PROPERTIES,
    "revisionPtr": Removed.PROPERTIES, "extLst": None, "customProperties": None, "dataConsolidate": None, "scenarios": None,
    "hlinkClick": Removed.LINKS, "hlinkHover": Removed.LINKS, "webPublishItems": None, "smartTags": None, "calcPr": None,
}  # fmt: skip
UNWRAPPED = ("ins", "moveTo", "fldSimple", "smartTag")
NAMES_SOMEONE = frozenset("author initials date userId providerId userName paraId textId tgtFrame".split())
# Fields that only count pages and point within the document; every other (DDE, INCLUDEPICTURE, AUTHOR …) keeps its last answer.
FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "REF", "PAGEREF", "SEQ"})
FRAMES = frozenset({"drawing", "pict", "twoCellAnchor", "oneCellAnchor", "absoluteAnchor", "pic"})
FILE_NAME = re.compile(r"[\\/]|\.\w{3,4}$")


@dataclass
class _Relation:
    id: str
    type: str
    target: str


@dataclass
class _Package:
    """What has been walked so far."""

    kind: str
    parts: Mapping[str, bytes]
    types: Mapping[str, str]
    limits: Limits
    kept: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # name → (type, content)
    renamed: dict[str, str] = field(default_factory=dict)
    removed: set[Removed] = field(default_factory=set)


def clean(data: bytes, kind: str, limits: Limits) -> Clean:
    """The document with its words, form and pictures, and nothing else. Raises `Unfit`: macros are refused, not removed."""
    parts = packages.read(data, limits)
    types = _types(parts)
    _refuse_macros(parts, types)
    main = next((r.target for r in _relations(parts, "") if r.type == "officeDocument"), "")
    if main not in parts or types.get(main) != MAIN[kind]:
        raise Unfit(Unfitness.BROKEN)
    package = _Package(kind, parts, types, limits)
    if any(name.startswith(("docProps/", "customXml/")) for name in parts):
        package.removed.add(Removed.PROPERTIES)
    _walk(package, main)
    return Clean(kind, packages.write(_written(package, main)), frozenset(package.removed))


def _types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Part → its content type, by its own line or its suffix."""
    root = packages.xml(parts[TYPES])
    by_suffix = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in root if local(e.tag) == "Default"}
    own = {e.get("PartName", "").lstrip("/"): e.get("ContentType", "") for e in root if local(e.tag) == "Override"}
    return {name: own.get(name, by_suffix.get(name.rpartition(".")[2].lower(), "")) for name in parts} | {
        name: type for name, type in own.items() if name not in parts
    }


def _refuse_macros(parts: Mapping[str, bytes], types: Mapping[str, str]) -> None:
    said = " ".join((*types.values(), *parts)).lower()
    if any(word in said for word in ("macro", "vbaproject", "vbadata", "activex")):
        raise Unfit(Unfitness.MACROS)


def _relations(parts: Mapping[str, bytes], part: str) -> list[_Relation]:
    """The relations of a part (of the whole package for an empty name) that stay inside the package."""
    folder, name = posixpath.split(part)
    content = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if content is None:
        return []
    found = []
    for line in packages.xml(content):
        if not isinstance(line.tag, str):
            continue
        inside = line.get("TargetMode") != "External"
        target = line.get("Target", "")
        place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") if inside else ""
        found.append(_Relation(line.get("Id", ""), line.get("Type", "").rpartition("/")[2], place))
    return found


def _walk(package: _Package, main: str) -> None:
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name in package.kept:
            continue
        relations = [relation for relation in _relations(package.parts, name) if _keep(package, relation)]
        every = {relation.id for relation in _relations(package.parts, name)}
        lost = every - {relation.id for relation in relations}
        package.kept[name] = (package.types.get(name, ""), _part(package, name, lost))
        if relations:
            package.kept[_rels(name)] = ("", _relations_part(package, name, relations))
        waiting += [relation.target for relation in relations if relation.type != "image"]


def _keep(package: _Package, relation: _Relation) -> bool:
    """Whether a relation is followed; a picture is drawn anew on the way."""
    if relation.type not in KEPT or relation.target not in package.parts:
        if not relation.target:
            package.removed.add(Removed.LINKS)
        elif "embeddings/" in relation.target:
            package.removed.add(Removed.ATTACHMENTS)
        elif relation.type == "comments":
            package.removed.add(Removed.COMMENTS)
        return False
    return _keep_picture(package, relation.target) if relation.type == "image" else True


def _keep_picture(package: _Package, name: str) -> bool:
    if name in package.renamed:
        return True
    try:
        kind = sniffing.kind_of(package.parts[name])
        drawn = pictures.clean(package.parts[name], kind, package.limits) if kind in pictures.FORMATS else None
    except (Unfit, OSError, ValueError, SyntaxError):
        drawn = None
    if drawn is None:
        package.removed.add(Removed.PICTURES)
        return False
    package.removed |= drawn.removed
    suffix = "jpg" if drawn.kind == "jpeg" else "png"
    package.renamed[name] = f"{posixpath.dirname(name)}/picture{len(package.renamed) + 1}.{suffix}"
    package.kept[package.renamed[name]] = (PICTURE_TYPES[drawn.kind], drawn.data)
    return True


def _part(package: _Package, name: str, lost: set[str]) -> bytes:
    root = packages.xml(package.parts[name])
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            _clean_element(package, element, lost)
        else:  # an entity that wasn't resolved
            raise Unfit(Unfitness.ACTIVE)
    for tag in UNWRAPPED:
        etree.strip_tags(root, f"{{*}}{tag}")
    return packages.text(root)


def _clean_element(package: _Package, element: etree._Element, lost: set[str]) -> None:
    name = local(element.tag)
    if name in DROPPED or name.endswith("Change"):
        said = DROPPED.get(name, Removed.CHANGES)
        if said and not (name == "f" and package.kind != "xlsx"):
            package.removed.add(said)
        packages.take_out(element)
        return
    if name == "ins":
        package.removed.add(Removed.CHANGES)
    if name == "instrText" and (element.text or "").strip().split(" ")[0].upper() not in FIELDS:
        element.text = ""
    for attribute in list(element.attrib):
        _clean_attribute(element, attribute, lost)


def _clean_attribute(element: etree._Element, attribute: str, lost: set[str]) -> None:
    name, namespace = local(attribute), etree.QName(attribute).namespace or ""
    if name in NAMES_SOMEONE or name.startswith("rsid") or "/revision" in namespace:
        del element.attrib[attribute]
    elif name in ("descr", "name", "title") and local(element.tag) in ("docPr", "cNvPr") and _is_file(element.attrib[attribute]):
        element.attrib[attribute] = "picture" if name == "name" else ""
    elif namespace in REFERENCES and element.attrib[attribute] in lost:
        if local(element.tag) == "hyperlink":
            del element.attrib[attribute]
        else:
            packages.take_out(_frame(element))


def _is_file(value: str) -> bool:
    return FILE_NAME.search(value) is not None


def _frame(element: etree._Element) -> etree._Element:
    """What would be empty without the element: the frame of a picture, or the element itself."""
    return next((above for above in element.iterancestors() if local(above.tag) in FRAMES), element)


def _rels(name: str) -> str:
    folder, own = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{own}.rels")


def _relations_part(package: _Package, name: str, relations: list[_Relation]) -> bytes:
    types = _long_types(package, name)
    lines = [
        (relation.id, types[relation.id], f"/{package.renamed.get(relation.target, relation.target)}") for relation in relations
    ]
    return _lines("Relationships", RELATIONS, "Relationship", ("Id", "Type", "Target"), lines)


def _long_types(package: _Package, name: str) -> dict[str, str]:
    root = packages.xml(package.parts[_rels(name)])
    return {line.get("Id", ""): line.get("Type", "") for line in root if isinstance(line.tag, str)}


def _written(package: _Package, main: str) -> dict[str, bytes]:
    """All parts in the order that programs expect: types, the package's relations, the rest."""
    types = [(f"/{name}", type) for name, (type, _content) in package.kept.items() if type]
    defaults = [("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml")]
    overrides = _lines("Types", CONTENT_TYPES, "Override", ("PartName", "ContentType"), types)
    root = packages.xml(overrides)
    for suffix, type in defaults:
        root.insert(0, etree.Element(f"{{{CONTENT_TYPES}}}Default", {"Extension": suffix, "ContentType": type}))
    start = [("rId1", f"{REFERENCES[0]}/officeDocument", f"/{main}")]
    return {
        TYPES: packages.text(root),
        "_rels/.rels": _lines("Relationships", RELATIONS, "Relationship", ("Id", "Type", "Target"), start),
        **{name: content for name, (_type, content) in package.kept.items()},
    }


def _lines(outer: str, namespace: str, tag: str, names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    root = etree.Element(f"{{{namespace}}}{outer}", nsmap={None: namespace})
    for row in rows:
        etree.SubElement(root, f"{{{namespace}}}{tag}", dict(zip(names, row, strict=True)))
    return packages.text(root)
