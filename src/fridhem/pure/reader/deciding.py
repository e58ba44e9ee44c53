"""Which body a document belongs to: the one whose decision it records, asks for, or speaks with."""

import re

from fridhem.pure.reader.bodies import BODY, COUNCIL, GOVERNMENT, GOVERNMENT_NAMES, Mention, canonical, mentions
from fridhem.pure.reader.cleaning import Clean
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import Layout
from fridhem.pure.reader.swedish import pattern

# (rule, kinds of document, pattern or None for a rule below, confidence): the first that finds a body decides.
ANSWERS = ("yttrande", "revisionssvar")
STEERING = ("handlingsplan", "riktlinje")
CALLED = ("protokollsutdrag", "kallelse")
PAPERS = ("tjansteskrivelse", *ANSWERS)
RULES = (
    ("decided by", STEERING, rf"""
        (?:beslutat|beslutad|beslutades|antagen|antaget|antogs|fastställd|fastställt
        |fastställdes)(?: den)?(?: \d[\d-]+)? (?:av|i)(?: är)?:?\s*({BODY})
    """, 0.95),
    ("field for who decides", STEERING, rf"""
        (?:beslutsinstans|beslutande organ|beslutsorgan|beslutsfattare|beslutande|fastställare|ägare)\s*:?\s*({BODY})
    """, 0.9),
    ("the Government instructs", ("regeringsuppdrag",), r"""
        \b(regeringen)(?:s beslut| uppdrar| beslutar| ger| har beslutat)
    """, 0.95),
    ("should decide to answer", ANSWERS, rf"""
        ({BODY}) (?:föreslås|föreslår|beslutar|beslutade|har beslutat)(?: att)?(?: \w+){{0,3}} (?:lämna|lämnar|avge|avger
        |yttrande|svar)
    """, 0.95),
    ("alone on a line of the head", (*CALLED, *STEERING, *PAPERS, "remiss"), None, 0.9),
    ("called to a meeting", CALLED, rf"""
        (?:kallelse till|sammanträde (?:med|i|för)|möte med|protokoll (?:från|för|fört vid)
        |utdrag ur protokoll för)\s+({BODY})
    """, 0.9),
    ("proposes to the council", PAPERS, rf"({BODY}) föreslår (?:att )?kommunfullmäktige(?: att)? beslut", 0.85),
    ("heading over its proposed decision", PAPERS, rf"förslag till (?:beslut (?:i|för) )?({BODY})", 0.85),
    ("speaks", ANSWERS, rf"""
        ({BODY}) (?:har|ställer|instämmer|delar|välkomnar|bedömer|anser|avger|lämnar|tillstyrker|avstyrker|ser)\b
    """, 0.75),
    ("subject of the decision", (*PAPERS, *CALLED), rf"""
        (?:^|[.:\n\x1f]|\d\.)\s*({BODY}) (?:beslutar|antar|godkänner|föreslår|ger|uppdrar|noterar|avslår|fastställer|anser
        |tillstyrker|avstyrker|lämnar|avger|förklarar|ställer)\b
    """, 0.8),
    ("named in the head", (*CALLED, *STEERING, *PAPERS, "remiss"), None, 0.6),
    ("ministry or Government named first", ("remiss",), None, 0.7),
    ("named in the text", (*PAPERS, *STEERING), None, 0.3),
)  # fmt: skip
COMPILED = tuple((name, kinds, pattern(written) if written else None, sure) for name, kinds, written, sure in RULES)
# A line that holds the body's name and nothing but what a letterhead has beside it.
LETTERHEAD_REST = pattern(
    r"(?:[\s\d()./:,§–-]|datum|sammanträdes?(?:protokoll|datum|dag)?|protokoll(?:sutdrag)?|sida|kallelse|plats|och|tid|av|kl|s)*"
)
ADDRESSED = pattern(r"(?:till|mottagare|adressat|för beslut i):?")


def find_body(clean: Clean, layout: Layout, kind: str | None) -> Finding | None:
    """Find the body whose decision the document records or asks for; none for a motion or a party's text."""
    if kind == "interpellation":
        return _council(clean)
    for name, kinds, compiled, confidence in COMPILED:
        if kind is None or kind not in kinds:
            continue
        found = _by_pattern(clean, compiled) if compiled else SPECIAL[name](clean, layout, kind)
        if found:
            return Finding("body", found.name, found.start, found.end, f"body: {name}", confidence)
    return _implied(clean) if kind == "regeringsuppdrag" else None


def _by_pattern(clean: Clean, compiled: re.Pattern[str]) -> Mention | None:
    found = compiled.search(clean.text)
    return Mention(found.start(1), found.end(1), canonical(found[1])) if found else None


def _alone_in_head(clean: Clean, layout: Layout, kind: str) -> Mention | None:
    """The addressee stands alone too: a line after "Till", or in the same line."""
    before = ""
    for line in clean.lines[: layout.head_lines]:
        for body in mentions(clean.text, line.start, line.end):
            rest = clean.text[line.start : body.start] + clean.text[body.end : line.end]
            stately = GOVERNMENT_NAMES.fullmatch(body.name) and kind != "remiss"
            if LETTERHEAD_REST.fullmatch(rest) and not ADDRESSED.fullmatch(before) and not stately:
                return body
        before = line.text
    return None


def _named_in_head(clean: Clean, layout: Layout, kind: str) -> Mention | None:
    return next(mentions(clean.text, 0, layout.head_end), None)


def _of_the_state(clean: Clean, layout: Layout, kind: str) -> Mention | None:
    return next((body for body in mentions(clean.text) if GOVERNMENT_NAMES.fullmatch(body.name)), None)


def _named_most(clean: Clean, layout: Layout, kind: str) -> Mention | None:
    found = [body for body in mentions(clean.text) if not GOVERNMENT_NAMES.fullmatch(body.name) and body.name != COUNCIL]
    names = [body.name for body in found]
    return max(found, key=lambda body: (names.count(body.name), -body.start), default=None)


SPECIAL = {
    "alone on a line of the head": _alone_in_head,
    "named in the head": _named_in_head,
    "ministry or Government named first": _of_the_state,
    "named in the text": _named_most,
}


def _council(clean: Clean) -> Finding:
    """An interpellation is put in the council, named or not."""
    for body in mentions(clean.text):
        if body.name.endswith("fullmäktige"):
            return Finding("body", body.name, body.start, body.end, "body: council named in an interpellation", 0.9)
    first = clean.lines[0]
    return Finding("body", COUNCIL, first.start, first.end, "body: implied by an interpellation", 0.6)


def _implied(clean: Clean) -> Finding:
    told = pattern(r"får i uppdrag|uppdrag\b").search(clean.text)
    start, end = told.span() if told else (clean.lines[0].start, clean.lines[0].end)
    return Finding("body", GOVERNMENT, start, end, "body: implied by an assignment to an authority", 0.6)
