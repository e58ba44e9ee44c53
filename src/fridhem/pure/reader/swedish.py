"""Patterns written in correct Swedish that also fit what a poor scan has made of it."""

import re

# What scanners make of the letters that they don't know.
SCANNED = {"å": "[åaàáâäéd&]", "ä": "[äaàáâåéid&]", "ö": "[öoòóøéGd&]"}
TOKENS = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|[åäö ]", re.IGNORECASE)
BLANKS = r"[^\S\x1f\f]+"  # also over a line's end, never into another cell or page

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

    `(?-i:…)` keeps capitals as written; inside brackets nothing is changed.
    """
    return re.compile(TOKENS.sub(_loosen, written), re.IGNORECASE)


def _loosen(token: re.Match[str]) -> str:
    if token[0] == " ":
        return BLANKS
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
