"""Texts made comparable: letters and digits alone, without case, accents, look-alikes or what stands between them.

Unicode normalisation form NFKD (UAX 15); the look-alikes are those of UTS 39 that Swedish letters have in Greek and Cyrillic.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

LOOKALIKES = {
    **dict(zip("АВЕКМНОРСТУХІЈЅҺаекморстухіјѕһԛԝ", "abekmhopctyxijshaekmopctyxijshqw", strict=True)),
    **dict(zip("вньѵӏ", "bhbvl", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχη", "abezhikmnoptyxabeikvoptuxn", strict=True)),
    "ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "œ": "oe", "ⅼ": "l", "ǀ": "l", "ɡ": "g", "ɑ": "a",
}  # fmt: skip
INVISIBLE = {"Cf", "Mn", "Me"}
DIGIT_WORDS = dict(zip("noll ett två tre fyra fem sex sju åtta nio".split(), "0123456789", strict=True))
_WORD = "|".join(DIGIT_WORDS)
_SPELLED = re.compile(rf"(?:\b(?:{_WORD}|\d+)\b[\s,.\-–/]*){{4,}}", re.I)
_ONE = re.compile(rf"\b(?:{_WORD})\b", re.I)


@dataclass(frozen=True)
class Folded:
    """A text's letters and digits. `places[i]` is where the sign stands in the text; `starts[i]` whether a word begins there."""

    text: str
    places: Sequence[int]
    starts: Sequence[bool]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the signs `start:end` stand in the text that was folded."""
        return self.places[start], self.places[end - 1] + 1

    def begins(self, at: int) -> bool:
        """Whether a word begins at `at`, or the text ends there."""
        return at >= len(self.text) or self.starts[at]


def fold(text: str) -> Folded:
    """Keep what `text` says and drop how it's written."""
    signs: list[str] = []
    places: list[int] = []
    starts: list[bool] = []
    fresh = True
    for place, sign in enumerate(text):
        folded = _sign(sign)
        if folded is None:
            continue
        if not folded:
            fresh = True
            continue
        for one in folded:
            signs.append(one)
            places.append(place)
            starts.append(fresh)
            fresh = False
    return Folded("".join(signs), places, starts)


def squeezed(text: str) -> str:
    """The folded signs alone."""
    return fold(text).text


@cache
def _sign(sign: str) -> str | None:
    """What a sign is compared as: empty when it parts words, None when it isn't seen."""
    if unicodedata.category(sign) in INVISIBLE:
        return None
    kept = []
    for part in unicodedata.normalize("NFKD", LOOKALIKES.get(sign, sign)):
        low = LOOKALIKES.get(part, part).casefold()
        low = LOOKALIKES.get(low, low)
        kept.append("".join(_digit(one) for one in low if one.isalnum() and unicodedata.category(one) not in INVISIBLE))
    return "".join(kept)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def digits(text: str) -> Folded:
    """The digits of a text, whatever stands between them; `starts` tells where something did."""
    return _digits_of(fold(text))


def digits_read_loosely(text: str) -> Folded:
    """The digits as an eye reads them: O and l among digits, and numbers spelled out sign by sign."""
    spelled = _SPELLED.sub(lambda run: _ONE.sub(lambda one: DIGIT_WORDS[one[0].lower()].ljust(len(one[0])), run[0]), text)
    folded = fold(spelled)
    signs = list(folded.text)
    for order in (range(len(signs)), range(len(signs) - 1, -1, -1)):
        for at in order:
            if signs[at] in "oil" and any(near.isdigit() for near in signs[max(at - 1, 0) : at + 2] if near != signs[at]):
                signs[at] = "0" if signs[at] == "o" else "1"
    return _digits_of(Folded("".join(signs), folded.places, folded.starts))


def _digits_of(folded: Folded) -> Folded:
    kept = [at for at, sign in enumerate(folded.text) if sign.isdigit()]
    starts = [not at or kept[at - 1] != here - 1 or folded.starts[here] for at, here in enumerate(kept)]
    return Folded("".join(folded.text[at] for at in kept), [folded.places[at] for at in kept], starts)
