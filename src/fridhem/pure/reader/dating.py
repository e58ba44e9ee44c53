"""The document's own date: which of all its dates, by the word that announces it and where it stands."""

from dataclasses import dataclass

from fridhem.pure.reader.cleaning import Clean, Line
from fridhem.pure.reader.dates import Found, dates
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import Layout
from fridhem.pure.reader.swedish import pattern

# What stands right before a date that is the document's own, by name.
ANNOUNCERS = (
    ("drawn up", r"(?:upprättad(?:es)?|utfärdad|kallelsedatum|kungjord|anslagen)(?: den)?"),
    ("meeting", r"""
        (?:sammanträdes?(?:datum|dag|tid)|mötesdatum|(?<=\n)sammanträdet?|mötestid|tid(?: och plats)?
        |plats och tid)(?: \w+)?(?: den)?
    """),
    ("decided", r"""
        (?:besluta[dt]|beslutades|antagen|antaget|antogs|fastställ[dt]|fastställdes|beslutsdatum|beslut|datum för (?:beslut
        |fastställande|antagande))(?: \w+)?(?: av [\w &,-]+?)?(?: (?:den|datum|i))?
    """),
    ("published", r"(?:publicerad|publicerades|regeringsbeslut|stockholm)(?: den)?"),
    ("dated", r"(?:datum|dagens datum|skrivet|dat|daterat?)"),
)  # fmt: skip
# What makes a date someone else's: a deadline, a validity, another document, a stamp.
REFUSED = pattern(
    r"""
        (?:senast|före|efter|innan|från(?: och med)?|fr\.? ?o\.? ?m\.?|till och med|t\.? ?o\.? ?m\.?|\btom|daterad|inkom(?:men
        |mit|na)?|ankom|
    """
    r"""
        svarsdatum|remisstid|gäller till(?: den)?|giltig\w*|sista \w+|uppdaterad|reviderad|diarieförd|mellan|besvaras|anmäldes
        |ersätter)
    """
    r"(?: \w+)?(?: den)?[\s:]*$"
)
ORDERS = {
    "protokollsutdrag": ("meeting", "dated", "head", "decided"),
    "kallelse": ("drawn up", "dated", "head", "meeting"),
    "handlingsplan": ("decided", "dated", "head"),
    "riktlinje": ("decided", "dated", "head"),
    "motion": ("dated", "head", "foot"),
    "interpellation": ("dated", "head", "foot"),
    "remiss": ("published", "dated", "head"),
    "regeringsuppdrag": ("published", "decided", "dated", "head"),
    "partiprogram": ("decided", "dated"),
    "debattartikel": ("published", "dated", "head"),
}
PAPER = ("dated", "drawn up", "head", "decided")
COMPILED = tuple((name, pattern(rf"(?:^|\b){written}[\s:]*$")) for name, written in ANNOUNCERS)
WITHIN = 60
# How many lines below the head an announced date is still the document's own.
REACH = {"drawn up": 5, "meeting": 5, "decided": 40, "published": 5, "dated": 5}
HEAD_WORDS = 8
FOOT_LINES = 14
FOOT = pattern(r"(?:[\w -]{2,30},? )?(?:den )?$")


@dataclass(frozen=True)
class Candidate:
    """A date and the name of what announces it."""

    found: Found
    announced: str


def find_date(clean: Clean, layout: Layout, kind: str | None) -> Finding | None:
    """Find the document's own date; deadlines, placeholders and dates of other documents are none."""
    order = ORDERS.get(kind or "", PAPER)
    candidates = [c for found in dates(clean.text) if (c := _candidate(clean, layout, found, order))]
    best = min(candidates, key=lambda c: (order.index(c.announced), c.found.start), default=None)
    if best is None:
        return None
    confidence = 0.9 - 0.15 * order.index(best.announced)
    return Finding(
        "date", best.found.day.isoformat(), best.found.start, best.found.end, f"date: {best.announced}", round(confidence, 2)
    )


def _candidate(clean: Clean, layout: Layout, found: Found, order: tuple[str, ...]) -> Candidate | None:
    before = clean.text[max(0, found.start - WITHIN) : found.start].replace("\x1f", "\n")
    if REFUSED.search(before):
        return None
    line = clean.line_at(found.start)
    for name in order:
        compiled = dict(COMPILED).get(name)
        if compiled and compiled.search(before) and line.number < layout.head_lines + REACH[name]:
            return Candidate(found, name)
    if "head" in order and found.start < layout.head_end and _letterhead(line, found):
        return Candidate(found, "head")
    if "foot" in order and line.number >= len(clean.lines) - FOOT_LINES and _foot(line, found):
        return Candidate(found, "foot")
    return None


def _letterhead(line: Line, found: Found) -> bool:
    """A date in the letterhead stands among names and numbers, not in a sentence."""
    rest = line.text[: found.start - line.start] + line.text[found.end - line.start :]
    return len(rest.split()) <= HEAD_WORDS and not rest.rstrip().endswith(".")


def _foot(line: Line, found: Found) -> bool:
    """A date at the foot ends its line, after a place at most: "Norrsala den 4 mars 2024"."""
    ends = not line.text[found.end - line.start :].strip(" .")
    return ends and FOOT.fullmatch(line.text[: found.start - line.start]) is not None
