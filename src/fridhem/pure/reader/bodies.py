"""The bodies that decide: how their names are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fridhem.pure.reader.swedish import one_line, pattern, restore

COUNCIL = "Kommunfullmäktige"
GOVERNMENT = "Regeringen"

# How a body's name is written. The longest reading comes first; a genitive s may follow each.
SEVERAL = r"(?:\w{2,}-,? (?:och |& |samt )?){0,3}"  # "Miljö-, bygg- och "
CAPITALS = r"(?-i:[A-ZÅÄÖ][\wåäö]+-?(?:(?:,| &| och)? [A-ZÅÄÖ][\wåäö]+-?){0,6})"
NAMES = (
    ("committee of the executive board", r"(?:kommun|stads|region)styrelsens \w+(?:- och \w+)?utskott(?:et)?"),
    ("executive board", r"(?:kommun|stads|region)styrelsen?"),
    ("council", r"(?:kommun|stads|region|förbunds)?fullmäktige"),
    ("board for something, capitals", rf"(?:gemensamma )?nämnden för {CAPITALS}"),
    ("board for something", r"(?:gemensamma )?nämnden för \w+(?:(?:-,? | )(?:och|&) \w+)?"),
    ("committee of a board", rf"{SEVERAL}\w{{3,}}nämndens (?:\w+utskott(?:et)?|sociala utskott|utskott)"),
    ("city district board", r"stadsdelsnämnden? (?-i:[A-ZÅÄÖ][\wåäö]+(?:-[A-ZÅÄÖ][\wåäö]+)*)"),
    ("city district board, name first", r"(?-i:[A-ZÅÄÖ])[\w-]+ stadsdelsnämnd(?:en)?"),
    ("board with an adjective", r"(?:tekniska|sociala|gemensamma|lokala) \w*nämnd(?:en)?"),
    ("board", rf"{SEVERAL}\w{{3,}}nämnd(?:en)?"),
    ("government", r"regeringen"),
    ("ministry", r"(?:\w+s- och )?\w+departementet"),
    ("committee", rf"{SEVERAL}\w+(?:utskottet|beredningen)"),
    ("board of a federation", r"(?:förbunds)?direktionen"),
)
BODY = r"(?<![\w-])(?:" + "|".join(written for _, written in NAMES) + r")(?=s?(?!\w))"
BODY_PATTERN = pattern(BODY)
LOCAL = "(?:nämnden|styrelsen|utskottet|direktionen)"

GOVERNMENT_NAMES = pattern("regeringen|.*departementet")
INDEFINITE = pattern(r"(?<=nämnd)$|(?<=styrelse)$")
NO_BODY = pattern(r"(?:ansvars|överklagande|över)nämnd\w*|(?:slut|ut)beredningen|statsrådsberedningen")

Body = str


@dataclass(frozen=True)
class Mention:
    """A body's name in the text, and the name as we write it."""

    start: int
    end: int
    name: Body


def mentions(text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
    """Give the bodies named in `text` between `start` and `end`, in order."""
    for found in BODY_PATTERN.finditer(text, start, len(text) if end is None else end):
        if not NO_BODY.fullmatch(found[0]):
            yield Mention(found.start(), found.end(), canonical(found[0]))


def canonical(written: str) -> Body:
    """Give a body's name in one writing: definite, first letter large, lost letters restored, no shouting.

    >>> canonical("SOCIALNÄMND"), canonical("NÄMNDEN FÖR VÅRD & OMSORG"), canonical("stadsfullmäktige")
    ('Socialnämnden', 'Nämnden för Vård & Omsorg', 'Stadsfullmäktige')
    """
    name = one_line(written)
    if name.isupper():
        head, of, rest = name.lower().partition(" för ")
        name = head + of + rest.title().replace(" Och ", " och ")
    name = INDEFINITE.sub("en" if name.lower().endswith("d") else "n", restore(name))
    return COUNCIL if name.lower() == "fullmäktige" else name[:1].upper() + name[1:]


def same(one: Body, other: Body) -> bool:
    """Tell whether two writings name one body: "Vård & Omsorg" and "Vård och omsorg"."""
    return _bare(one) == _bare(other)


def _bare(name: Body) -> str:
    return re.sub(r"[\W_]|och|&", "", name.lower())


def letters_fit(prefix: str, body: Body) -> bool:
    """Tell whether a registry number's letters can be the body's: SON, Social- och omsorgsnämnden.

    The first letter is the name's, and the others follow in order.
    """
    name = re.sub(r"^(?:gemensamma )?nämnden för ", "", body.lower())
    if not prefix or not name.startswith(prefix[0].lower()):
        return False
    rest = iter(name)
    return all(letter in rest for letter in prefix.lower())
