"""Patterns written in correct Swedish that also fit what a poor scan has made of it."""

import re

# What scanners make of the letters that they don't know.
SCANNED = {"å": "[åaàáâäéd&]", "ä": "[äaàáâåéid&]", "ö": "[öoòóøéGd&]"}
TOKENS = re.compile(r"(?P<many>(?:\\[wsS]|\[(?:\\.|[^\]])*\]))(?P<sign>[+*])|\\.|\[(?:\\.|[^\]])*\]|[åäö ]", re.IGNORECASE)
BLANKS = r"[^\S\x1f\f]{1,200}"  # also over a line's end, never into another cell or page
# A document made to be slow to read has words and sentences without end.
LONGEST_WORD, LONGEST_SENTENCE = 40, 600

BODY_WORDS = (
    "nämnd",
    "förvaltning",
    "fullmäktige",
    "miljö",
    "räddning",
    "överförmynd",
    "för",
    "hälso",
    "sjukvård",
    "trygghet",
    "kommunstyrelse",
    "ungdom",
    "skole",
    "småbarn",
    "äldre",
    "vård",
    "påverkan",
    "råd",
)


def pattern(written: str) -> re.Pattern[str]:
    """Compile `written` so that å, ä and ö fit a scanner's mistakes, blanks fit line ends, and case is free.

    `(?-i:…)` keeps capitals as written; inside brackets nothing is changed. A pattern may be written over several
    lines: line ends and what indents the next line are not part of it. A run (+ or *) has a longest length.
    """
    return re.compile(TOKENS.sub(_loosen, re.sub(r"\n\s*", "", written)), re.IGNORECASE)


def _loosen(token: re.Match[str]) -> str:
    if token[0] == " ":
        return BLANKS
    if token["many"]:
        longest = LONGEST_WORD if token["many"] == r"\w" else LONGEST_SENTENCE
        return f"{token['many']}{{{int(token['sign'] == '+')},{longest}}}"
    return SCANNED.get(token[0].lower(), token[0])


def restore(name: str) -> str:
    """Give back the letters that a scan has lost from the words that names of bodies are made of.

    >>> restore("Social- och omsorgsnamnden")
    'Social- och omsorgsnämnden'
    """
    for word, loose in RESTORABLE:
        name = loose.sub(lambda found, word=word: word.capitalize() if found[0][0].isupper() else word, name)  # type: ignore[misc]
    return name


RESTORABLE = tuple((word, pattern(word)) for word in BODY_WORDS)


def one_line(text: str) -> str:
    """Give `text` with every run of blanks and line ends as one blank."""
    return " ".join(text.replace("\x1f", " ").split())
