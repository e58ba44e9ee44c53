"""What is wrong with a process file, in words that the owner of the process can act on."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from lxml import etree

MOST = 30  # more faults than this help nobody


class BadFile(ValueError):
    """The file can't be used; `faults` has one sentence per fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


class BadProcess(BadFile):
    """The file can't be used as a process."""


class BadTable(BadFile):
    """The file can't be used as a decision table."""


class Faults:
    """Faults as they are found; `stop` raises them, when the rest can't be read without what is missing."""

    def __init__(self, bad: type[BadFile] = BadProcess) -> None:
        self._found: list[str] = []
        self._bad = bad

    def add(self, fault: str) -> None:
        if len(self._found) < MOST:
            self._found.append(fault)

    def extend(self, faults: Iterable[str]) -> None:
        for fault in faults:
            self.add(fault)

    def stop(self) -> None:
        """Raise `BadProcess`, or the one that was asked for, if anything was found."""
        if self._found:
            raise self._bad(self._found)


KINDS: Mapping[str, str | Promise] = {
    "startEvent": _("start"),
    "endEvent": _("end"),
    "userTask": _("person's task"),
    "manualTask": _("manual task"),
    "serviceTask": _("service task"),
    "callActivity": _("call activity"),
    "exclusiveGateway": _("gateway that chooses"),
    "parallelGateway": _("gateway that divides"),
    "boundaryEvent": _("event on a border"),
    "task": _("task"),
    "businessRuleTask": _("task for a decision table"),
    "subProcess": _("subprocess"),
    "eventSubProcess": _("branch that begins by an event"),
    "intermediateCatchEvent": _("event between two steps"),
    "lane": _("lane"),
    "messageFlow": _("message to or from another pool"),
    "participant": _("other pool"),
    "textAnnotation": _("note in the drawing"),
    "association": _("line to a note"),
    "group": _("frame"),
    "dataObject": _("data object"),
    "dataObjectReference": _("data object"),
    "dataStoreReference": _("data store"),
    "sequenceFlow": _("arrow"),
}


def called(element: etree._Element) -> str:
    """An element as its owner knows it: `“Skicka brev” (sendTask, rad 34)`."""
    name = " ".join((element.get("name") or element.get("id") or "").split())[:80]
    given = {"name": name, "kind": kind(etree.QName(element).localname), "row": element.sourceline}
    return (
        gettext("“%(name)s” (%(kind)s, row %(row)s)") % given if name else gettext("A nameless %(kind)s on row %(row)s") % given
    )


def kind(name: str) -> str:
    """What an element of the standard is called in words; those that we don't know by the standard's own name."""
    return str(KINDS.get(name, name))
