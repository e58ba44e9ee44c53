"""Read what other systems say was done in their cases: an event log as CSV, or as XES (IEEE 1849-2016).

A log says of each event which case it belongs to, what was done and when it was finished; when it was begun and which unit did it
if they are known. What else stands there isn't read, and so never kept.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from lxml import etree

from fridhem.pure.identity import NotAnIdentityNumber, parse

LARGEST = 200_000_000  # bytes
LONGEST = 200  # characters of a name
MOST = 30  # more faults than this help nobody

# What each column may be called; the first is what we call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("case", "ärende", "case_id", "case:concept:name"),
    "activity": ("activity", "steg", "aktivitet", "concept:name"),
    "done_at": ("done_at", "klart", "completed", "timestamp", "time:timestamp"),
    "began_at": ("began_at", "påbörjat", "started", "start_timestamp"),
    "unit": ("unit", "enhet", "org:group"),
    "closed": ("closed", "avslutat"),
}
NEEDED = ("case", "activity", "done_at")
OPEN = frozenset({"0", "no", "nej", "false", "falskt"})
NAME, TIME, LIFE, GROUP = "concept:name", "time:timestamp", "lifecycle:transition", "org:group"


class BadLog(ValueError):
    """The file can't be used as an event log; `faults` has a sentence per fault, `MOST` at most."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults[:MOST])
        super().__init__(" ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Logged:
    """One thing that was done. Times are aware; those of a log that says no time zone are Swedish."""

    activity: str
    done_at: datetime
    began_at: datetime | None = None


@dataclass(frozen=True)
class LoggedCase:
    """What was done in a case, in order of time. `unit` is that of its last event."""

    id: str
    events: tuple[Logged, ...]
    unit: str = ""
    is_closed: bool = True


def read_log(data: bytes, *, on: date) -> list[LoggedCase]:
    """The cases in a log read on a day, in the order that they first stand there. Raises `BadLog`: nothing is read halfway."""
    if len(data) > LARGEST:
        raise BadLog([_("The file is larger than %(most)s MB: divide it by year.") % {"most": LARGEST // 1_000_000}])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadLog([_("The file isn't UTF-8 text: save it as CSV in UTF-8, or as XES.")]) from None
    found = list(_xes(text, on) if text.lstrip()[:1] == "<" else _csv(text, on))
    if not found:
        raise BadLog([_("The file has no events.")])
    return found


# ── CSV ───────────────────────────────────────────────────────────────────


def _csv(text: str, on: date) -> Iterator[LoggedCase]:
    header = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in header else ",", strict=True)
    place = _places(rows)
    cases: dict[str, list[tuple[Logged, str, str]]] = {}
    faults: list[str] = []
    try:
        for row in rows:
            said = {name: (row.get(column) or "").strip() for name, column in place.items()}
            fault = _fault(said, on)
            if fault:
                faults.append(_("Row %(row)s: %(fault)s") % {"row": rows.line_num, "fault": fault})
            elif not faults:
                began = _moment(said["began_at"]) if said.get("began_at") else None
                event = Logged(said["activity"], _known_moment(said["done_at"]), began)
                cases.setdefault(said["case"], []).append((event, said.get("unit", ""), said.get("closed", "")))
    except csv.Error:
        fault = _("the quotation marks don't match, or a text is too long.")
        faults.append(_("Row %(row)s: %(fault)s") % {"row": rows.line_num + 1, "fault": fault})
    if faults:
        raise BadLog(faults)
    for id, events in cases.items():
        yield _case(id, [event for event, *_rest in events], events[-1][1], is_closed=events[-1][2].lower() not in OPEN)


def _places(rows: "csv.DictReader[str]") -> dict[str, str]:
    """What each of our columns is called in the file. Raises `BadLog`."""
    try:
        named = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    except csv.Error:
        named = {}
    place = {ours: named[name] for ours, names in COLUMNS.items() for name in names[::-1] if name in named}
    lacking = [COLUMNS[name][1] for name in NEEDED if name not in place]
    if lacking:
        every = ", ".join(names[1] for names in COLUMNS.values())
        raise BadLog(
            [_("The first row lacks %(columns)s. It may name %(every)s.") % {"columns": ", ".join(lacking), "every": every}]
        )
    return place


def _fault(said: Mapping[str, str], on: date) -> str:
    lacking = next((name for name in NEEDED if not said[name]), "")
    if lacking:
        return _("“%(column)s” is empty.") % {"column": COLUMNS[lacking][1]}
    if any(len(value) > LONGEST for value in said.values()):
        return _("something is longer than %(most)s characters: only codes and names of steps belong here.") % {"most": LONGEST}
    wrong = next((said[name] for name in ("done_at", "began_at") if said.get(name) and _moment(said[name]) is None), "")
    if wrong:
        return _("the time can't be read: write it as 2026-03-27 14:05.")
    if _is_identity_number(said["case"], on):
        return _("the case is named by a personal identity number: take the number of the case instead.")
    return ""


# ── XES ───────────────────────────────────────────────────────────────────


def _xes(text: str, on: date) -> Iterator[LoggedCase]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadLog([_("The file declares a document type or entities: remove them.")])
    walk = etree.iterparse(
        io.BytesIO(text.encode()), tag=("{*}trace", "{*}log"), resolve_entities=False, load_dtd=False, no_network=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    faults: list[str] = []
    seen = set[str]()
    try:
        for number, (_event, trace) in enumerate(walk, 1):
            if etree.QName(trace).localname == "log":
                break
            case, fault = _traced(trace, number, on)
            if case.id in seen:
                fault = _("another has the same name.")
            if fault:
                faults.append(_("Case %(number)s: %(fault)s") % {"number": number, "fault": fault})
            seen.add(case.id)
            if not faults and case.events:
                yield case
            trace.clear()
        else:
            faults.append(_("The file isn't XES: its outermost element must be “log” of that standard."))
    except etree.XMLSyntaxError as error:
        raise BadLog([_("The file isn't whole XML: %(fault)s.") % {"fault": error.msg}]) from None
    if faults:
        raise BadLog(faults)


def _traced(trace: etree._Element, number: int, on: date) -> tuple[LoggedCase, str]:
    """A case, and what is wrong with it."""
    about = _attributes(trace)
    id = about.get(NAME, "") or str(number)
    events: list[Logged] = []
    begun: dict[str, datetime] = {}
    unit, said = about.get(GROUP, ""), {"case": id, "activity": "", "done_at": ""}
    for element in trace.iterchildren("{*}event"):
        given = _attributes(element)
        said |= {"activity": given.get(NAME, ""), "done_at": given.get(TIME, "")}
        if fault := _fault(said, on):
            return LoggedCase(id, ()), fault
        at, life = _known_moment(said["done_at"]), given.get(LIFE, "complete").lower()
        if life == "start":
            begun[said["activity"]] = at
        elif life == "complete":
            events.append(Logged(said["activity"], at, begun.pop(said["activity"], None)))
        unit = given.get(GROUP, unit)
    return _case(id, events, unit, is_closed=about.get("closed", "").lower() not in OPEN), ""


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(child.get("key")): (child.get("value") or "").strip() for child in element if child.get("key")}


# ── Both ──────────────────────────────────────────────────────────────────


def _case(id: str, events: list[Logged], unit: str, *, is_closed: bool) -> LoggedCase:
    return LoggedCase(id, tuple(sorted(events, key=lambda event: event.done_at)), unit, is_closed)


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return make_aware(moment) if is_naive(moment) else moment


def _is_identity_number(text: str, on: date) -> bool:
    try:
        parse(text, on=on)
    except NotAnIdentityNumber:
        return False
    return True


def _known_moment(written: str) -> datetime:
    moment = _moment(written)
    assert moment, "`_fault` lets no other through"
    return moment
