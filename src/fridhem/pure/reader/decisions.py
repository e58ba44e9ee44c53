"""Decisions and proposed decisions: each point, the body that decides it, and its stance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fridhem.pure.reader.bodies import BODY, COUNCIL, GOVERNMENT, mentions, same
from fridhem.pure.reader.cleaning import Clean, Line
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import LEAD_IN, Layout, Opens, Section, lead_in
from fridhem.pure.reader.swedish import one_line, pattern

# The stance is that of the first of these words in the sentence, towards the sentence's own object.
STANCES = (
    ("other", r"""
        uppdra(?:r|s)?\b|(?:ge|ger|ges|får|få) (?:[\w -]+ )?i uppdrag|hemställ\w*|omedelbart justerad|yttrande:?$
        |återremitter\w*|begär\w*|avveckla\w*|förklarar paragrafen|avsäg\w*|entledig\w*|väljer|utse[rs]?
    """),
    ("answered", r"besvara(?:d|s|t|de|r)?\b"),
    ("reject", r"avslå\w*|avslag\b|avstyrk\w*"),
    ("noted", r"noter\w*|anteckna\w*|till handlingarna|tar (?:del av|emot) informationen|tar informationen"),
    ("approve", r"bifall\w*|tillstyrk\w*|anta(?:r|s|gs|gen)?\b|godkänn\w*|fastställ\w*|inför(?:a|s)?\b|ställer sig bakom"),
)  # fmt: skip
COMPILED = tuple((stance, pattern(rf"(?<!\w)(?:{written})")) for stance, written in STANCES)

SENT = pattern(r"(?:beslutar|föreslår|föreslås|hemställer)\b")
MARKER = re.compile(r"^(?:\d{1,2}[.)]\s+|[-•*–◦▪]\s*|[a-z]\)\s+)")
ATT = re.compile(r"^att\b", re.IGNORECASE)
COMMITTEE_OWN = pattern(r"bifaller (?:[\w ]+utskotts?|förvaltningens|nämndens) förslag|enligt [\w ]+utskottets? förslag")
# Body and the verb of a decision: what a point without "att" and number begins with.
SUBJECT = pattern(
    rf"(?:{BODY}|nämnden|styrelsen|fullmäktige|utskottet|motionen|medborgarförslaget|ärendet|[\w -]+förslag)s?\b.{{0,120}}?\w"
)
# "Kommunstyrelsens förslag", "Kommunstyrelsen får i uppdrag": named, but someone else decides.
NOT_DECIDING = pattern(r"s | (?:får|ges|uppdras|åläggs|ska|bör)\b")
SPLIT = pattern(r"(?:,? och(?: att)?|;|,? samt(?: att)?|,? men) (?=[^.;]{0,60}(?:avslå|bifall|besvara|i övrigt|att-sats|punkt))")

ANSWER = pattern(
    rf"({BODY}|nämnden) (?:föreslås besluta|föreslår|beslutar|föreslås)(?: att)? (?:lämna|avge|lämnar|avger)[^.:]{{0,60}}yttrande"
)
OPINION = pattern(
    r"(?<![^.\n\x1f])[^.\n\x1f]*(?:\n(?!\n)[^.\n\x1f]*){0,4}?\b(?:motionen|medborgarförslaget|interpellationen)\b[^.]{0,120}?"
    r"""
        (?:(?:ska|bör|kan|skall|föreslås|därmed|därför|härmed|med detta)[^.]{0,40}(?:avslås|bifallas|bifalls|besvarad|besvaras
        |avstyrks|tillstyrks)|avstyrks|tillstyrks|anses besvarad)[^.]*
    """
)
ASSIGNMENT = pattern(r"[^.\n]*(?:regeringen uppdrar|regeringen beslutar|regeringen ger|får i uppdrag att)[^.]*")


@dataclass(frozen=True)
class Point:
    """One decision point: where it stands and what it says, without its number."""

    start: int
    end: int
    text: str
    numbered: bool = False
    after_gap: bool = False


def find_decisions(clean: Clean, layout: Layout, kind: str | None, body: str | None) -> list[Finding]:
    """Find each decision point with body, stance and status (proposed or decided)."""
    found = [finding for section in _sections(layout, kind) for finding in _in_section(clean, section, kind, body)]
    found += _in_prose(clean, kind, body, {f.value["body"] for f in found})
    unique: dict[tuple[str, str], Finding] = {}
    for finding in found:
        unique.setdefault((finding.value["body"] or "", finding.value["text"].lower()), finding)
    return sorted(unique.values(), key=lambda finding: finding.start)


def stance(text: str) -> str:
    """Give approve, reject, answered, noted or other: what the printed sentence does to its own object.

    >>> stance("Motionen avslås."), stance("Nämnden ger förvaltningen i uppdrag att införa rutiner.")
    ('reject', 'other')
    """
    firsts = [(found.start(), name) for name, compiled in COMPILED if (found := compiled.search(text))]
    return min(firsts)[1] if firsts else "other"


def _sections(layout: Layout, kind: str | None) -> list[Section]:
    """In minutes the decision counts, and what was proposed before it only where no decision is printed."""
    decided = [s for s in layout.sections if s.opens is Opens.DECISION]
    proposed = [s for s in layout.sections if s.opens is Opens.PROPOSAL]
    if kind in ("motion", "interpellation", "partiprogram", "debattartikel", "regeringsuppdrag"):
        return []
    return (decided or proposed) if kind == "protokollsutdrag" else decided + proposed


def _in_section(clean: Clean, section: Section, kind: str | None, body: str | None) -> Iterator[Finding]:
    decider = _decider_in_heading(clean, section) or body
    seen = False
    for point in _points(clean, section):
        lead = lead_in(point.text)
        if lead:
            decider = _named_by(clean, point, body) or decider
            continue
        if not _decides(point, kind):
            if seen and point.after_gap:
                return
            continue
        seen = True
        yield from _findings(point, _decider(point, decider, body), kind, body, "under its heading", 0.85)


def _findings(point: Point, decider: str | None, kind: str | None, body: str | None, rule: str, sure: float) -> Iterator[Finding]:
    decided = kind == "regeringsuppdrag" or (kind == "protokollsutdrag" and decider == body and not proposes(point.text))
    for part in _parts(point):
        value = {"body": decider, "text": part.text, "stance": stance(part.text), "status": "decided" if decided else "proposed"}
        yield Finding("proposed_decisions", value, part.start, part.end, f"decision: {rule}", sure)


def proposes(text: str) -> bool:
    """Tell whether a point only proposes that another body decides."""
    return bool(pattern(r"^[\w &,-]*(?:föreslår|föreslås|rekommenderar)\b").search(text))


def _parts(point: Point) -> list[Point]:
    """A split decision is one entry per part, where the parts have stances of their own."""
    cut = SPLIT.search(point.text)
    pieces = [point.text[: cut.start()], point.text[cut.end() :]] if cut else []
    stances = {stance(piece) for piece in pieces}
    return [Point(point.start, point.end, piece) for piece in pieces] if len(stances - {"other"}) == 2 else [point]


def _decider_in_heading(clean: Clean, section: Section) -> str | None:
    named = list(mentions(clean.text, section.heading.start, section.heading.end))
    return named[-1].name if named else None


def _named_by(clean: Clean, point: Point, body: str | None) -> str | None:
    named = list(mentions(clean.text, point.start, point.end))
    return named[-1].name if named else body


def _decider(point: Point, decider: str | None, body: str | None) -> str | None:
    """The subject of the sentence decides; "kommunstyrelsen föreslår kommunfullmäktige att" lets the council decide."""
    opening = LEAD_IN.match(point.text)
    names = list(mentions(point.text, 0, opening.end() if opening else 0))
    if names:
        return names[-1].name
    first = next(mentions(point.text), None)
    if first is None or first.start > 0 or NOT_DECIDING.match(point.text[first.end :]):
        return decider
    return body if body and same(first.name, body) else first.name


def _points(clean: Clean, section: Section) -> Iterator[Point]:
    group: list[Line] = []
    for line in clean.lines_between(section.start, section.end):
        if group and _begins(line, group[-1]):
            yield _point(clean, group)
            group = []
        group.append(line)
    if group:
        yield _point(clean, group)


def _begins(line: Line, before: Line) -> bool:
    ended = before.text[-1] in '.:;!?”"'
    if MARKER.match(line.text):
        return True
    if ATT.match(line.text):
        return ended or line.after_gap or bool(ATT.match(before.text)) or lead_in(before.text) is not None
    if line.after_gap:
        return ended or not line.text[0].islower()
    return (ended and line.text[0].isupper()) or (lead_in(before.text) is not None and before.text[-1] == ":")


def _point(clean: Clean, lines: list[Line]) -> Point:
    marker = MARKER.match(lines[0].text)
    start = lines[0].start + (marker.end() if marker else 0)
    text = one_line(clean.text[start : lines[-1].end])
    return Point(start, lines[-1].end, text, bool(marker and marker[0][0].isdigit()), lines[0].after_gap)


def _decides(point: Point, kind: str | None) -> bool:
    """A numbered point is a decision whatever its verb, but for a notice, which numbers its matters."""
    if COMMITTEE_OWN.search(point.text) or len(point.text) < 12:
        return False
    if point.numbered and kind != "kallelse":
        return True
    has_stance = any(compiled.search(point.text) for _, compiled in COMPILED)
    return bool(ATT.match(point.text)) or has_stance or bool(SENT.search(point.text)) or bool(SUBJECT.match(point.text))


def _in_prose(clean: Clean, kind: str | None, body: str | None, bodies: set[str]) -> Iterator[Finding]:
    """Opinions and assignments decide in their sentences, without a heading."""
    if kind in ("yttrande", "revisionssvar"):
        if not bodies and (found := ANSWER.search(clean.text)):
            yield from _findings(_sentence(clean, found), body, kind, body, "to answer", 0.85)
        opinions = list(OPINION.finditer(clean.text))
        if opinions and COUNCIL not in bodies:
            yield from _findings(_sentence(clean, opinions[-1]), COUNCIL, kind, body, "opinion on the motion", 0.6)
    elif kind == "regeringsuppdrag" and (found := ASSIGNMENT.search(clean.text)):
        yield from _findings(_sentence(clean, found), GOVERNMENT, kind, body, "assignment", 0.8)


def _sentence(clean: Clean, found: re.Match[str]) -> Point:
    text = found[0]
    start = found.start() + len(text) - len(text.lstrip())
    end = found.end() + (1 if clean.text[found.end() : found.end() + 1] == "." else 0)
    return Point(start, end, one_line(clean.text[start:end]))
