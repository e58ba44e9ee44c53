"""Registry numbers (diarienummer): every way of writing them, what only looks like one, and whose they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fridhem.pure.reader.bodies import letters_fit
from fridhem.pure.reader.cleaning import ENDS, Clean
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import Layout
from fridhem.pure.reader.swedish import one_line, pattern

LETTERS = r"(?-i:(?P<letters>[A-ZÅÄÖ]{1,6}(?:[a-zåäö]{1,2}[A-ZÅÄÖ]{0,4})?))"
YEAR = r"(?P<year>(?:19|20)\d{2})"
NO_DATE = r"(?!(?:0[1-9]|1[0-2])[-.](?:[0-2]\d|3[01])(?!\d))"
TAIL = r"(?:\.\d{2,4}|-\d{1,3})?(?![\d:]|[/-]\d)"

# (name, pattern, only after a word such as "Dnr"). What is not sure by its form must be announced.
FORMS = (
    ("letters, year, number", rf"""
        (?<![\w-]){LETTERS}(?P<gap>[ /.:-]?){YEAR}(?P<sign>[-/:.–]){NO_DATE}(?P<number>\d{{1,6}}){TAIL}
    """, False),
    ("letters, short year, number", rf"(?<![\w-]){LETTERS}[ /-]?\d{{2}}[/:-]\d{{2,6}}{TAIL}", True),
    ("classification, number, year", rf"(?<![\w.-])\d{{1,2}}(?:\.\d{{1,3}}){{1,3}}[.-]\d{{1,6}}/{YEAR}(?!\d)", True),
    ("unit, number, short year", r"(?<![\w/])(?:(?-i:[A-ZÅÄÖ]{1,3})\d{0,4}-)?\d{2,5}/\d{2}(?![\d:/])", True),
    ("year, number", rf"(?<![\w/-]){YEAR}[-/:]{NO_DATE}\d{{1,6}}(?:\.\d{{2,4}})?(?![\d:/-])", True),
)  # fmt: skip
COMPILED = tuple((name, pattern(form), announced) for name, form, announced in FORMS)

# What is written like a registry number and is none: law, inquiries, bills, standards, and the label itself.
NOT_LETTERS = pattern(
    "(?:SOU|DS|PROP|SFS|DIR|BET|SKR|RSKR|JO|NJA|HFD|RÅ|RH|AD|P?MÖD|MIG|EU|EG|EES|ISBN|ISSN|SS|ISO|FOU|LAG|DNR|NR|[A-Z-]*FS)"
)
MINISTRIES = frozenset(["A", "FI", "FÖ", "I", "JU", "KN", "KU", "L", "LI", "M", "N", "S", "SB", "U", "UD"])

ANNOUNCED_OTHERS = pattern(
    r"(?:\ber|ert|era|deras|tidigare|motpartens|remissens|departementets|avsändarens)[ /.](?:er )?"
    r"(?:beteckning|dnr|diarienummer|diarienr|referens|ref)\b[.:]*\s*$|\bersätter[^.\n]{0,60}$"
)
LABEL = (
    r"(?:\b|(?=(?-i:D)))(?:dnr|d:nr|diarie-?(?:nr|nummer)|ärende-?(?:nr|nummer|beteckning|id)"
    r"|beteckning|referens|ref|reg\.?nr)\b[.:]?"
)
ANNOUNCED = pattern(rf"(?s:.*){LABEL}(?P<between>[^.;(]{{0,45}})$")
LABELLED = pattern(rf"(?-i:(?=[A-ZÅÄÖ])){LABEL}")
BETWEEN = pattern(r"[\s:.]*(?:[\d-]{8,10}\s+)?")
MAX_BETWEEN_WORDS = 4
LONGEST_BEFORE = 200
PARAGRAPH = re.compile(r"^(?:\w{1,4}\s)?§\s*\d+")


@dataclass(frozen=True)
class Written:
    """A registry number as it stands in the text, with what decides whose it is."""

    start: int
    end: int
    number: str
    letters: str
    form: str
    announced: bool
    announced_other: bool
    claims: bool  # its place says that the document belongs to this number


def normal(number: str) -> str:
    """Give what different writings of one number have in common: its letters and figures.

    >>> normal("KS-2014/742.912") == normal("KS 2014/742.912")
    True
    """
    return re.sub(r"[\W_]+", "", number).upper()


def find_numbers(clean: Clean, layout: Layout, kind: str | None, body: str | None) -> list[Finding]:
    """Find every registry number; `own` is that of the matter of the issuing body, `other` is someone else's."""
    written = list(_written(clean, layout, kind))
    own = _own(written, layout, body or "")
    findings: dict[str, Finding] = {}
    for number in sorted(written, key=lambda n: (normal(n.number) not in own, n.start)):
        role = "own" if normal(number.number) in own else "other"
        confidence = 0.95 if number.claims else 0.85 if role == "other" else 0.6
        rule = f"registry number: {number.form}, {'announced' if number.announced else 'by its form'}"
        value = {"number": number.number, "role": role}
        findings.setdefault(normal(number.number), Finding("diarienummer", value, number.start, number.end, rule, confidence))
    return sorted(findings.values(), key=lambda finding: (finding.value["role"] == "other", finding.start))


def _written(clean: Clean, layout: Layout, kind: str | None) -> Iterator[Written]:
    taken = bytearray(len(clean.text))
    for form, compiled, must_be_announced in COMPILED:
        for found in compiled.finditer(clean.text):
            if taken.find(1, *found.span()) >= 0 or _looks_only(found):
                continue
            before = clean.text[max(0, found.start() - 80) : found.start()]
            label = ANNOUNCED.search(before)
            if must_be_announced and not (label and BETWEEN.fullmatch(label["between"])):
                continue
            taken[found.start() : found.end()] = b"\1" * (found.end() - found.start())
            announced = label is not None and len(label["between"].split()) <= MAX_BETWEEN_WORDS
            others = ANNOUNCED_OTHERS.search(before) is not None
            claims = not others and _claims(clean, layout, kind, found, announced)
            letters = found.groupdict().get("letters") or ""
            yield Written(found.start(), found.end(), one_line(found[0]), letters, form, announced, others, claims)


def _looks_only(found: re.Match[str]) -> bool:
    """Law, inquiries and periods of years are written like registry numbers."""
    parts = found.groupdict()
    letters = (parts.get("letters") or "").upper()
    if NOT_LETTERS.fullmatch(letters):
        return True
    if not parts.get("sign"):
        return False
    committee = parts["sign"] == ":" and parts["gap"] in (" ", "") and (letters in MINISTRIES or not found["letters"].isupper())
    years = parts["gap"] == " " and parts["sign"] in "-–" and 0 < int(parts["number"]) - int(parts["year"]) <= 12
    return committee or years


def _claims(clean: Clean, layout: Layout, kind: str | None, found: re.Match[str], announced: bool) -> bool:
    line = clean.line_at(found.start())
    before = clean.text[max(line.start, found.start() - LONGEST_BEFORE) : found.start()]
    if before.rstrip().endswith("(") or "(" in before.rpartition(")")[2]:
        return False
    alone = found.end() - found.start() >= len(line.text) - 2
    in_head = found.start() < layout.head_end
    labelled_line = bool(PARAGRAPH.match(before) or LABELLED.match(before))
    agenda = kind == "kallelse" and (alone or clean.text[found.start() - 1 : found.start()] in ENDS)
    return (announced and (in_head or labelled_line)) or (alone and in_head) or agenda


def _own(written: list[Written], layout: Layout, body: str) -> frozenset[str]:
    """Among the numbers that claim the document, those with the body's letters; where none do, those like the first."""
    ours = sorted((n for n in written if n.claims and not _from_a_ministry(n, body)), key=lambda n: (not n.announced, n.start))
    if not ours:
        ours = [n for n in written if n.start < layout.head_end and not n.announced_other and not _from_a_ministry(n, body)][:1]
    fitting = [n for n in ours if letters_fit(n.letters, body)] or [n for n in ours if n.letters == ours[0].letters]
    return frozenset(normal(n.number) for n in fitting)


def _from_a_ministry(number: Written, body: str) -> bool:
    """A ministry's letters stand close to the year: S2025/01366."""
    close = number.number[len(number.letters) : len(number.letters) + 1].isdigit()
    return number.letters.upper() in MINISTRIES and close and not body.endswith(("departementet", "Regeringen", "regeringen"))
