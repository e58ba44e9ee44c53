"""Which municipality printed the document: its name with "kommun" or "stad", or as a part of a party's local name."""

import re
from collections.abc import Iterable, Iterator

from fridhem.pure.reader.cleaning import Clean
from fridhem.pure.reader.findings import Finding
from fridhem.pure.reader.headings import Layout
from fridhem.pure.reader.municipalities import NAMES
from fridhem.pure.reader.swedish import pattern


def _any_of(names: Iterable[str]) -> str:
    """One of the names, the longest first, told apart by the first letter before all of them are tried."""
    letters: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        letters.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in letters.items())


KNOWN = _any_of(NAMES)
UNKNOWN = r"(?-i:[A-ZÅÄÖ][a-zåäö]{2,}(?:[ -][A-ZÅÄÖ][a-zåäö]{2,})?|[A-ZÅÄÖ]{4,})"
PARTY = (
    r"(?:socialdemokraterna|moderaterna|centerpartiet|liberalerna|vänsterpartiet|kristdemokraterna|miljöpartiet(?: de gröna)?"
    r"|sverigedemokraterna|partiet|s-föreningen)"
)

# (rule, pattern with the name in a group, weight of one mention, weight in the head).
RULES = (
    ("name with kommun or stad", rf"(?<![\w-])({KNOWN})s?(?: |&)(?:kommun|stad)s?(?![\w-])", 2, 10),
    ("name and kommun in two columns", rf"(?:^|\n)[^\S\n]*({KNOWN})s?\b[^\n]{{0,60}}\n[^\S\n]*kommun[^\S\n]*(?=\n)", 0, 8),
    ("kommun before the name", rf"(?<!\w)(?:kommunen|staden)[:,]? ({KNOWN})(?!\w)", 2, 6),
    ("a party's local name", rf"{PARTY} i ({KNOWN})(?!\w)", 2, 4),
    ("council or party seat", rf"(?<!\w)({KNOWN})s? kommun(?:fullmäktige|styrelse|revision)\w*", 2, 4),
    ("revision of the town", rf"(?<!\w)({KNOWN})s? stads(?:revision|fullmäktige|kontor)\w*", 2, 4),
    ("web address", r"(?:www\.|@|https?://)({ascii})\.se\b", 1, 1),
    ("unknown name with stad", rf"(?:^|\n)[^\S\n]*({UNKNOWN})s? stad[^\S\n]*(?=\n)", 0, 4),
    ("unknown name with kommun", rf"(?<![\w-])({UNKNOWN})(?: )(?:kommun|kommuns)(?![\w-])", 1, 5),
)  # fmt: skip
# Words that begin a sentence before "kommun": no names.
NOT_NAMES = pattern(
    """(?:varje|en|vår|denna|er|din|min|ingen|någon|alla|svensk|svenska|hela|samma|annan|egen|aktuell|respektive|berörd|vilken|sveriges
    |som|och|i|för|av|till|den|liten|stor|kallelse|protokoll|datum|sida|många|flera|mindre|större)\\b.*"""
)


def _ascii(name: str) -> str:
    return name.lower().translate(str.maketrans("åäöé ", "aaoe-")).replace("-", "-?")


ADDRESSES = {_ascii(name).replace("-?", ""): name for name in NAMES}
EXACT = {name.lower(): name for name in NAMES}
LOOSE = tuple((name, pattern(name)) for name in NAMES)
COMPILED = tuple(
    (rule, pattern(written.replace("{ascii}", "|".join(_ascii(name) for name in NAMES))), weight, in_head)
    for rule, written, weight, in_head in RULES
)  # fmt: skip


def find_municipality(clean: Clean, layout: Layout, kind: str | None) -> Finding | None:
    """Find the municipality that is printed, most and foremost; none for the Government's documents."""
    if kind in ("remiss", "regeringsuppdrag") and pattern("departementet|regeringen").search(clean.text):
        return None
    weights: dict[str, float] = {}
    first: dict[str, tuple[int, re.Match[str], str]] = {}
    for weight, name, found, rule in _mentions(clean, layout):
        weights[name] = weights.get(name, 0) + weight
        if name not in first or weight > first[name][0]:
            first[name] = (weight, found, rule)
    if not weights:
        return None
    best = max(weights, key=lambda name: weights[name])
    _, found, rule = first[best]
    sure = weights[best] / (sum(weights.values()) + 1)
    return Finding("municipality", best, found.start(1), found.end(1), f"municipality: {rule}", round(sure, 2))


def _mentions(clean: Clean, layout: Layout) -> Iterator[tuple[int, str, re.Match[str], str]]:
    for rule, compiled, weight, in_head in COMPILED:
        for found in compiled.finditer(clean.text):
            name = _name(found[1], rule)
            if name:
                yield in_head if found.start() < layout.head_end else weight, name, found, rule


def _name(written: str, rule: str) -> str | None:
    plain = " ".join(written.split())
    if rule == "web address":
        return ADDRESSES.get(plain.lower().replace("-", ""))
    known = EXACT.get(plain.lower()) or next((name for name, loose in LOOSE if loose.fullmatch(plain)), None)
    if not rule.startswith("unknown"):
        return known
    # The genitive of an unknown name: Fridköpings kommun. Tallnäs and Storfors end in s themselves.
    plain = plain.title() if plain.isupper() else plain
    name = plain if re.search(r"(?:[aeiouyåäö]|for)s$", plain) else plain.removesuffix("s")
    taken = known or name.lower() in EXACT or bool(NOT_NAMES.fullmatch(plain))
    return None if taken else name
