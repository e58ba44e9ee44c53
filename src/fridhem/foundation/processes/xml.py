"""A file from outside as XML: whole, not too large, and without anything that a file could do."""

import re

from django.utils.translation import gettext as _
from lxml import etree

from fridhem.foundation.processes.faults import BadFile

LONGEST_FILE = 1_000_000  # bytes
ENCODINGS = {"utf-8": "utf-8-sig", "us-ascii": "ascii", "iso-8859-1": "cp1252", "windows-1252": "cp1252"}


def decoded(data: bytes, bad: type[BadFile]) -> str:
    """The text of an XML file in one of the encodings that editors write. Raises `bad`."""
    if len(data) > LONGEST_FILE:
        raise bad([_("The file is larger than %(most)s kB.") % {"most": LONGEST_FILE // 1000}])
    encoding = _declared(data)
    try:
        return data.decode(ENCODINGS.get(encoding, "utf-8-sig"))
    except UnicodeDecodeError:
        raise bad([_("The file isn't UTF-8 text: save it as XML in UTF-8.")]) from None


def in_utf8(data: bytes, bad: type[BadFile]) -> str:
    """The text of an XML file to keep: whatever it was written in, it says of itself that it's UTF-8. Raises `bad`."""
    text = decoded(data, bad)
    if _declared(text.encode()) == "utf-8":
        return text
    return re.sub(r"""encoding=["'][A-Za-z0-9._-]{1,20}["']""", 'encoding="UTF-8"', text, count=1)


def _declared(data: bytes) -> str:
    """The encoding that a file says of itself."""
    found = re.match(rb"""\s*<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9._-]{1,20})["']""", data)
    return found[1].decode().lower() if found else "utf-8"


def parsed(text: str, bad: type[BadFile]) -> etree._Element:
    """The outermost element of a file, parsed without anything that a file could do. Raises `bad`."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise bad([_("The file declares a document type or entities: remove them.")])
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise bad([_("The file isn't whole XML: %(fault)s.") % {"fault": error.msg}]) from None
