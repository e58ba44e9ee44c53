"""Headings, and the sections that they open: where the head of a document ends, and where its decisions stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise, zip_longest

from fridhem.pure.reader.bodies import BODY, LOCAL
from fridhem.pure.reader.cleaning import CELL, Clean, Line
from fridhem.pure.reader.swedish import pattern


class Opens(StrEnum):
    """What stands under a heading."""

    DECISION = "decision"
    PROPOSAL = "proposal"
    CLAIMS = "claims"  # what members asked for at the meeting: not the decision
    RECEIVERS = "receivers"
    BASIS = "basis"
    TEXT = "text"


DECIDES = (Opens.DECISION, Opens.PROPOSAL)

OFFICE = r"(?:[\w-]+ (?:och |& )?)?[\w-]*(?:förvaltningens?|kontorets|nämndens|styrelsens|ordförandens|utskottets)"
ANY_BODY = rf"(?:{BODY}|{LOCAL})"

# (what it opens, the whole line that is the heading; a number before it and a colon after it are taken away).
HEADINGS = (
    (Opens.CLAIMS, r"förslag till beslut (?:på|under|vid) (?:dagens )?(?:sammanträdet|mötet|sammanträde)"),
    (Opens.CLAIMS, r"(?:yrkanden?|förslag på sammanträdet|framställda yrkanden|tilläggsyrkande|ändringsyrkande)"),
    (Opens.DECISION, rf"beslut(?: ?[–-] ?förslag till {ANY_BODY})?"),
    (Opens.DECISION, rf"(?:{ANY_BODY}s?|{OFFICE}) beslut"),
    (Opens.DECISION, rf"{ANY_BODY}s? (?:förslag till (?:beslut (?:i|för|till) )?{ANY_BODY}|beslutar för egen del)"),
    (Opens.PROPOSAL, rf"(?:{OFFICE} )?förslag till beslut(?: (?:i|för|till) {ANY_BODY})?"),
    (Opens.PROPOSAL, rf"förslag till {ANY_BODY}s?(?: beslut)?"),
    (Opens.PROPOSAL, rf"(?:beslutsförslag|{OFFICE} förslag|{OFFICE} beslutsförslag|hemställan|förslag)"),
    (Opens.RECEIVERS, r"""
        (?:beslutet|protokollsutdrag|protokollet|paragrafen|remissen|yttrandet)(?: ska)? (?:skickas|expedieras|sänds
        |delges)(?: till)?
    """),
    (Opens.RECEIVERS, r"""
        (?:remissinstanser|expedieras till|expediering|sändlista|kopia till|delges|skickas till|beslut skickas till)
    """),
    (Opens.BASIS, r"""
        (?:besluts)?underlag(?: i ärendet| för beslut)?|underlag till beslut|handlingar(?: i ärendet)?|bilagor|bilaga
    """),
    (Opens.TEXT, r"""
        sammanfattning(?: av ärendet)?|ärende(?:t|beskrivning(?:en)?)?|beskrivning av ärendet|bakgrund(?: till ärendet)?
    """),
    (Opens.TEXT, r"""
        inledning|introduktion|innehåll(?:sförteckning)?|syfte(?: och mål)?|sammanfattande bedömning|motivering(?: till .*)?
    """),
    (Opens.TEXT, r"(?:[\w-]+ )?(?:bedömning|synpunkter|överväganden|ställningstagande|yttrande|kommentarer|svar)(?: och .*)?"),
    (Opens.TEXT, r"""
        beslutsgång(?:en)?|beslutsplanering|beslutshistorik|ärendets (?:gång|beredning|behandling)|tidigare (?:beslut
        |behandling)
    """),
    (Opens.TEXT, r"proposition(?:sordning|er)?|omröstning(?:sresultat)?|votering|justering|ansvariga|föredragning|överläggning"),
    (Opens.TEXT, r"(?:skriftlig |muntlig )?reservation(?:er)?|särskil(?:t|da) yttrande(?:n)?|protokollsanteckning(?:ar)?|jäv"),
    (Opens.TEXT, r"""
        (?:ekonomi(?:ska konsekvenser)?|konsekvens(?:er|analys)?|barn(?:perspektivet|konsekvensanalys|ets bästa)
        |jämställdhet(?:sperspektiv\w*)?|samråd(?: .{0,30})?)
    """),
    (Opens.TEXT, r"""
        (?:ekonomisk|social|ekologisk|juridisk)\w* (?:konsekvenser|dimension(?:en)?|bedömning|aspekter)|hållbarhet|uppföljning
    """),
)  # fmt: skip
COMPILED = tuple((opens, pattern(written)) for opens, written in HEADINGS)
# "Nämnden beslutar att", "Kommunstyrelsen föreslår kommunfullmäktige besluta": says who decides, and what follows is decided.
LEAD_IN = pattern(
    rf"(?:(?P<by>{BODY}|{LOCAL}|förvaltningen|\w+kontoret|\w+förvaltningen|vi|jag) )?"
    rf"(?:beslutar|föreslår|föreslås|hemställer|rekommenderar|yrkar)(?: för egen del)?"
    rf"""
        (?:(?: att)? (?P<to>{BODY}|{LOCAL}))?(?: (?:att )?(?:besluta
        |beslutar))?(?: följande)?(?: att)?(?: lämna följande yttrande)?
    """
    rf"|i (?:{BODY}(?:,| och) )?(?P<in>{BODY})"
)
NUMBERING = re.compile(r"^(?:#+\s*|\d+(?:\.\d+)*\.?\s+|[a-z]\)\s+)+")
MAX_HEADING = 110
HEAD_LINES = 32
SHORT_HEAD_LINES = 14
PROSE_WORDS = 5
WRAPPED_LINE = 60


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `start` is after the heading and `end` before the next."""

    opens: Opens
    heading: Line
    start: int
    end: int


@dataclass(frozen=True)
class Layout:
    """The head (letterhead and title), then the sections."""

    head_lines: int
    head_end: int
    sections: tuple[Section, ...]


def lay_out(clean: Clean) -> Layout:
    """Find the head and the sections of a document."""
    marks = list(_marks(clean))
    if not any(opens in DECIDES for _, opens in marks):
        marks = sorted([*marks, *_lead_ins(clean)], key=lambda mark: mark[0].start)
    first = next((line for line in clean.lines[1:] if _ends_head(line, marks)), None)
    lines = first.number if first and first.number <= HEAD_LINES else _before_prose(clean)
    ends = [line.start for line, _ in marks[1:]] + [len(clean.text)]
    sections = (
        Section(opens, line, line.end, _within_cell(clean, line, end)) for (line, opens), end in zip(marks, ends, strict=False)
    )
    return Layout(lines, clean.lines[lines - 1].end if lines else 0, tuple(sections))


def lead_in(text: str) -> re.Match[str] | None:
    """Match a line that says who decides, with `by` and `to`."""
    return LEAD_IN.fullmatch(text.rstrip(" :.…"))


def _before_prose(clean: Clean) -> int:
    """Without a heading, the head ends where the first paragraph begins that ends a sentence.

    A PDF gives no empty lines: then a paragraph reaches back over long lines, and a short one is the title's.
    """
    start = 1
    for before, line in pairwise(clean.lines[:SHORT_HEAD_LINES]):
        start = line.number if line.after_gap or len(before.text) < WRAPPED_LINE else start
        if line.text.endswith(".") and len(line.text.split()) >= PROSE_WORDS:
            return start
    return min(SHORT_HEAD_LINES, len(clean.lines))


def _marks(clean: Clean) -> Iterator[tuple[Line, Opens]]:
    """Give each heading with what it opens; a heading may run over two lines."""
    for line, following in zip_longest(clean.lines, clean.lines[1:]):
        opens = heading(line.text)
        if opens is None and following and not following.after_gap and heading(following.text) is None:
            opens = heading(f"{line.text} {following.text}")
            line = replace(line, end=following.end) if opens else line
        if opens:
            yield line, opens


def _lead_ins(clean: Clean) -> Iterator[tuple[Line, Opens]]:
    """Where no heading says it: "Kommunstyrelsen föreslår att kommunfullmäktige beslutar följande."."""
    for line in clean.lines:
        found = lead_in(line.text) if len(line.text) <= MAX_HEADING else None
        if found and found["to"]:
            yield line, Opens.PROPOSAL


def heading(text: str) -> Opens | None:
    """Tell what a line opens, when it is a heading."""
    if len(text) > MAX_HEADING:
        return None
    text = NUMBERING.sub("", text).rstrip(" :")
    return next((opens for opens, compiled in COMPILED if compiled.fullmatch(text)), None)


def _ends_head(line: Line, marks: list[tuple[Line, Opens]]) -> bool:
    """ "Yttrande" alone is the name of the document when it stands in the letterhead."""
    named = any(line.start == mark.start and not line.text.lower().startswith("yttrande") for mark, _ in marks)
    return named or (lead_in(line.text) is not None)


def _within_cell(clean: Clean, heading: Line, end: int) -> int:
    """A section that begins in a table's cell ends with the cell."""
    before = clean.text[max(0, heading.start - 800) : heading.start]
    in_table = CELL in before and "\n\n" not in before[before.rindex(CELL) :]
    cell_end = clean.text.find(CELL, heading.end, end)
    return cell_end if in_table and cell_end >= 0 else end
