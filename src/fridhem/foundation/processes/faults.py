"""What is wrong with a process file, in words that the owner of the process can act on."""

from collections.abc import Iterable

from lxml import etree

MOST = 30  # more faults than this help nobody


class BadProcess(ValueError):
    """The file can't be used as a process; `faults` has one sentence per fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The process can't be used: " + " ".join(self.faults))


class Faults:
    """Faults as they are found; `stop` raises them, when the rest can't be read without what is missing."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, fault: str) -> None:
        if len(self._found) < MOST:
            self._found.append(fault)

    def extend(self, faults: Iterable[str]) -> None:
        for fault in faults:
            self.add(fault)

    def stop(self) -> None:
        """Raise `BadProcess` if anything was found."""
        if self._found:
            raise BadProcess(self._found)


def called(element: etree._Element) -> str:
    """An element as its owner knows it: `“Skicka brev” (sendTask, row 34)`."""
    kind = etree.QName(element).localname
    name = " ".join((element.get("name") or element.get("id") or "").split())[:80]
    return f"“{name}” ({kind}, row {element.sourceline})" if name else f"A {kind} on row {element.sourceline}"
