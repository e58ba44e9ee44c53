"""A motion, initiative or interpellation: who put it, when, and what it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fridhem.pure.reader.cleaning import Clean, Line
from fridhem.pure.reader.dates import dates
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import DECIDES, Layout, heading
from fridhem.pure.reader.swedish import one_line, pattern

GAP = r"(?:[ ]+|[ ]*\n[ ]*)"
NAME = rf"(?-i:[A-ZÅÄÖŠČŽ][\w'’-]+(?:{GAP}(?:von|af|de|van|der|el|al))*(?:{GAP}[A-ZÅÄÖŠČŽ][\w'’.-]*){{1,3}})"
MEMBER = rf"{NAME}\s*\((?-i:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{{0,4}})\)"
MEMBERS = rf"{MEMBER}(?:(?:,| och|, och| samt) {MEMBER}){{0,12}}"
KINDS = ("interpellation", "initiativ", "motion")
SOMETHING = r"(?:motion|interpellation|initiativ)\w*"

# (rule, pattern with the authors in a group)
AUTHORS = (
    ("named after the motion", rf"""
        {SOMETHING} (?:{SOMETHING} )?(?:av|från|ställd av|väckt av|inlämnad av) (?:{SOMETHING} från )?({MEMBERS})
    """),
    ("put a motion", rf"""
        ({MEMBERS}) (?:m\.?fl\.? )?(?:har|föreslår|föreslog|yrkar|lyfter|inkom|lämnade|ställer|väckte)(?:(?!bifall
        |avslag)[^.]){{0,80}}?{SOMETHING}
    """),
)  # fmt: skip
AUTHOR_PATTERNS = tuple((rule, pattern(written)) for rule, written in AUTHORS)
ONE_MEMBER = re.compile(rf"({NAME})\s*\(([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{{0,4}})\)")
ABOUT = pattern(rf"\b{SOMETHING}\b")
DATED = pattern(rf"{SOMETHING}[^.\n\x1f]{{0,200}}(?:\n[^.\n\x1f]{{0,80}})?(?:daterad|inlämnad|,)?(?: den)?[\s,]*$")
RAISED = pattern(r"(?:§|anmäld|sammanträde|väckt)[^.]{0,60}$")

# (rule, pattern with the demand in a group): retold demands, and att-satser in their own words.
DEMANDS = (
    ("retold", rf"""
        (?:{SOMETHING}|{MEMBER}|motionär\w*)[^.:]{{0,160}}? (?:föreslår|föreslås|föreslagit|yrkar|yrkas|yrkat|vill)(?: i (?:en
        |sin) {SOMETHING}[^.]{{0,40}}?)?(?: kommunfullmäktige(?: besluta)?| motionär\w+| det| vidare)? att:?\s+(?P<d>[^.•]+)
    """),
    ("retold further", r"(?:vidare|dessutom|därutöver) (?:vill|föreslår|yrkar) motionär\w+ att (?P<d>[^.]+)"),
)  # fmt: skip
DEMAND_PATTERNS = tuple((rule, pattern(written)) for rule, written in DEMANDS)
ASKS = r"(?:yrkar|föreslår|föreslås|yrkande|hemställer|vill)"
LIST_FOLLOWS = r"(?:(?:att|besluta|beslutar|beslutar att|besluta att|följande)[ ]*:?|:)[ ]*\n"
CLAIM_OPENS = pattern(rf"{ASKS}[^.:\n]{{0,120}}?{LIST_FOLLOWS}")
CLAIM_OPENS_RETOLD = pattern(rf"(?:{SOMETHING}|motionär\w+|initiativtagar\w+)[^.:]{{0,100}}?{ASKS}?[^.:]{{0,100}}?{LIST_FOLLOWS}")
CLAIM = re.compile(r"^(?:[-•*–e]\s+|\d+[.)]\s+)?(att\b.+|[A-ZÅÄÖ].+)", re.IGNORECASE)
ATT = re.compile(r"^(?:[-•*–e]\s+|\d+[.)]\s+)?att\b", re.IGNORECASE)
ALIKE_LENGTH = 40
FOOT_WORDS = 6
LONGEST_LIST = 8_000
BULLET = re.compile(r"^(?:[-•*–e]|\d+[.)])\s+")


@dataclass(frozen=True)
class Demand:
    """What a motion asks for, and where it says so."""

    start: int
    end: int
    text: str


def find_motion(clean: Clean, layout: Layout, kind: str | None, date: str | None, title: str) -> Finding | None:
    """Find the motion that the document is, answers or decides on; None where there is none."""
    own = kind in ("motion", "interpellation")
    if kind in ("kallelse", "remiss", "regeringsuppdrag", "partiprogram", "debattartikel", "handlingsplan", "riktlinje", None):
        return None
    named = ABOUT.search(clean.text, 0, max(layout.head_end, 1))
    authors = list(_authors(clean, own))
    if not own and not (named and (authors or ABOUT.search(title))):
        return None
    place = named or next(re.finditer(r"\S+", clean.text))
    demands = list(_demands(clean, layout, own))
    value = {
        "kind": next((name for name in KINDS if name in place[0].lower()), "motion"),
        "authors": authors,
        "party_codes": list(dict.fromkeys(author["party"] for author in authors)),
        "date": date if own else _date(clean),
        "proposals": [demand.text for demand in demands],
    }
    return Finding("motion", value, place.start(), place.end(), "motion: named in the head", 0.8)


def _authors(clean: Clean, own: bool) -> Iterator[dict[str, str]]:
    spans = [found.span(1) for _, compiled in AUTHOR_PATTERNS for found in compiled.finditer(clean.text)]
    if own and not spans:
        spans = [found.span() for found in ONE_MEMBER.finditer(clean.text) if not _addressed(clean, found.start())][:6]
    seen = set()
    for start, end in sorted(spans):
        for member in ONE_MEMBER.finditer(clean.text, start, end):
            name, party = _name(member[1]), member[2]
            if name.lower() not in seen:
                seen.add(name.lower())
                yield {"name": name, "party": party}


def _addressed(clean: Clean, at: int) -> bool:
    """An interpellation names the one who is asked: "till nämndens ordförande Namn (P)"."""
    return bool(re.search(r"\btill\b", clean.text[clean.line_at(at).start : at], re.IGNORECASE))


def _name(written: str) -> str:
    """A heading on the line before is no part of the name."""
    first, line_end, rest = written.partition("\n")
    return one_line(rest if line_end and heading(first.strip()) else written)


def _date(clean: Clean) -> str | None:
    """The day the motion is dated, where it is printed after its name."""
    for found in dates(clean.text):
        before = clean.text[max(0, found.start - 260) : found.start]
        if DATED.search(before) and not RAISED.search(before):
            return found.day.isoformat()
    return None


def _demands(clean: Clean, layout: Layout, own: bool) -> Iterator[Demand]:
    opening = CLAIM_OPENS if own else CLAIM_OPENS_RETOLD
    ends = [found.end() for found in opening.finditer(clean.text) if own or not _in_decision(layout, found.end())]
    listed: list[Demand] = next((demands for end in ends if (demands := _list(clean, end, own))), [])
    yield from listed or (demand for demand in _retold(clean) if not _in_decision(layout, demand.start))


def _in_decision(layout: Layout, at: int) -> bool:
    """What is proposed as a decision on the motion is no demand of the motion's."""
    return any(s.opens in DECIDES and s.heading.start <= at < s.end for s in layout.sections)


def _retold(clean: Clean) -> Iterator[Demand]:
    """What an answer says that the motion wants; the same demand is often retold twice."""
    seen: set[str] = set()
    for _, compiled in DEMAND_PATTERNS:
        for found in compiled.finditer(clean.text):
            text = one_line(found["d"])
            beginning = text.lower()[:ALIKE_LENGTH]
            if beginning not in seen:
                seen.add(beginning)
                yield Demand(found.start("d"), found.end("d"), text)


def _list(clean: Clean, start: int, own: bool) -> list[Demand]:
    demands: list[Demand] = []
    for line in clean.lines_between(start, start + LONGEST_LIST):
        begins = ATT.match(line.text) or (BULLET.match(line.text) and CLAIM.match(line.text)) or line.text.endswith("?")
        if begins:
            text = BULLET.sub("", line.text)
            demands.append(Demand(line.end - len(text), line.end, text))
        elif demands and _runs_on(demands[-1], line, own):
            last = demands[-1]
            demands[-1] = Demand(last.start, line.end, f"{last.text} {line.text}")
        else:
            break
    return demands


def _runs_on(demand: Demand, line: Line, own: bool) -> bool:
    """A demand goes on over the next line, but not into a heading, a signature or "Norrsala den 4 mars 2024"."""
    ended = demand.text[-1] in ".!?" or (own and line.after_gap) or heading(line.text) is not None
    foot = ONE_MEMBER.match(line.text) or (dates(line.text) and len(line.text.split()) <= FOOT_WORDS)
    return not ended and not foot
