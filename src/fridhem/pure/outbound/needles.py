"""What is protected, as what to look for: an address is a street, a number, a postal code, a town, each as people write it."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import product

from fridhem.pure.outbound.folding import digits, squeezed


@dataclass(frozen=True)
class Secret:
    """A value that must not leave. `whose` and `kind` come back in the report; the value never does."""

    whose: str
    kind: str
    value: str


@dataclass(frozen=True)
class Needle:
    """Folded signs to look for.

    `is_number`: among digits alone; `breaks`: where such a number may be parted, anywhere when it doesn't say. `word`: only as a
    word of its own (endings apart), for what is short or common. `faults`: how many wrong signs it may have.
    """

    text: str
    is_number: bool = False
    word: bool = False
    faults: int = 0
    breaks: tuple[int, ...] | None = None


LONG, VERY_LONG = 8, 14  # signs: from here one fault, from there two
# How the ends of street names are written: whole, without the definite article, cut.
ENDS = {
    "gatan": ("gatan", "gata", "gat", "gt", "g"),
    "vagen": ("vagen", "vag", "vgn", "v"),
    "stigen": ("stigen", "stig", "st"),
    "granden": ("granden", "grand", "gr"),
    "grand": ("grand", "granden", "gr"),
    "torget": ("torget", "torg", "t"),
    "torg": ("torg", "torget", "t"),
    "platsen": ("platsen", "plats", "pl"),
    "plan": ("plan", "planen", "pl"),
    "allen": ("allen", "alle", "all"),
    "backen": ("backen", "backe", "b"),
    "leden": ("leden", "led"),
    "stranden": ("stranden", "strand"),
}
FIRST_WORDS = {
    "norra": ("norra", "n"), "sodra": ("sodra", "s"), "ostra": ("ostra", "o"), "vastra": ("vastra", "v"),
    "stora": ("stora", "st"), "lilla": ("lilla", "l", "lla"), "gamla": ("gamla", "g", "gla"), "sankt": ("sankt", "st"),
    "s:t": ("sankt", "st"), "ovre": ("ovre", "o"), "nedre": ("nedre", "n"),
}  # fmt: skip
# Words that say what kind of place it is and not which: alone they lead to nobody.
KINDS_OF_PLACES = set(
    "skola skolan forskola forskolan fritids fritidshem gymnasium gymnasiet grundskola grundskolan dagis ab hb kommun "
    "kommunen sjukhus sjukhuset vardcentral vardcentralen kontor kontoret bageri bageriet butik butiken restaurang avdelning "
    "avd lagenhet lgh lager lagret i pa vid hos och av the".split()
)
SCHOOL_ENDS = ("skolan", "skola", "gymnasiet", "gymnasium")
_POSTAL = re.compile(r"(?<!\d)(?:SE?-?\s*)?(\d{3})[\s.\-]?(\d{2})(?!\d)", re.I)
_STREET = re.compile(r"^(?P<name>[^\d,]{2,}?)[\s,]*(?P<number>\d{1,4})\s*(?P<letter>[a-zåäö])?\b", re.I)


def needles(secret: Secret, common: Collection[str] = ()) -> list[Needle]:
    """Everything to look for because of a secret. `common`: words that lead to nobody, such as the municipality's name."""
    known = {squeezed(word) for word in common}
    make = MAKERS.get(secret.kind, _other)
    return list(dict.fromkeys(n for n in make(secret.value) if len(n.text) > 1 and n.text not in known))


def _phrase(text: str, *, word: bool = False) -> Iterator[Needle]:
    folded = squeezed(text)
    faults = (len(folded) >= LONG) + (len(folded) >= VERY_LONG)
    yield Needle(folded, word=word or len(folded) < LONG, faults=faults)


def _parts(value: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", value) if part.strip()]


# ── Addresses ─────────────────────────────────────────────────────────────


def _address(value: str) -> Iterator[Needle]:
    postal = list(_POSTAL.finditer(value))
    before = value
    if postal:
        before, found, after = value[: postal[-1].start()], postal[-1], value[postal[-1].end() :]
        yield Needle(found[1] + found[2], is_number=True, word=True, breaks=(3,))
        yield from (Needle(squeezed(town), word=True) for town in _parts(after))
    for part in _parts(before):
        street = _STREET.match(part)
        yield from _street(street["name"], street["number"]) if street else _place(part)


def _street(name: str, number: str) -> Iterator[Needle]:
    for written, is_cut in _written(name):
        if len(written) >= 4 and not is_cut:
            yield Needle(written, word=True, faults=int(len(written) >= 12))
        elif len(written) >= 6:
            yield Needle(written, word=True)
        whole = written + number
        yield Needle(whole, word=len(whole) < LONG, faults=0 if is_cut else (len(whole) >= LONG) + (len(whole) >= VERY_LONG))


def _written(name: str) -> Iterator[tuple[str, bool]]:
    """The ways a street's name is written, and whether each is cut short."""
    words = [squeezed(word) for word in name.split()]
    words = [word for word in words if word]
    if not words:
        return
    firsts = [FIRST_WORDS.get(word, (word,)) for word in words[:-1]]
    end = next((end for end in sorted(ENDS, key=len, reverse=True) if words[-1].endswith(end)), "")
    stem = words[-1][: len(words[-1]) - len(end)]
    for beginning in product(*firsts):
        for ending in ENDS.get(end, ("",)):
            yield "".join(beginning) + stem + ending, len(ending) < min(len(end), 3)


# ── Schools, workplaces, names ────────────────────────────────────────────


def _place(value: str) -> Iterator[Needle]:
    """The name of a place, whole and without the words that only say what kind of place it is."""
    for number, part in enumerate(_parts(value)):
        street = _STREET.match(part)
        if street and squeezed(street["name"]).endswith(tuple(ENDS)):
            yield from _street(street["name"], street["number"])
            continue
        yield from _phrase(part, word=number > 0)
        words = [squeezed(word) for word in part.split()]
        core = "".join(word for word in words if word not in KINDS_OF_PLACES)
        if len(core) >= 4:
            yield Needle(core, word=True, faults=int(len(core) >= LONG))
            if core.endswith("s") and len(core) >= 6:
                yield Needle(core[:-1], word=True)
            for end in SCHOOL_ENDS:
                if core.endswith(end) and len(core) - len(end) >= 3:
                    yield Needle(core[: len(core) - len(end)] + end[:4], word=False)


def _name(value: str) -> Iterator[Needle]:
    words = [squeezed(word) for word in re.split(r"[\s,]+", value) if squeezed(word)]
    if not words:
        return
    last, firsts = words[-1], words[:-1]
    for first in firsts:
        for pair in (first + last, last + first):
            yield Needle(pair, word=len(pair) < LONG, faults=(len(pair) >= LONG) + (len(pair) >= VERY_LONG))
        yield Needle(first[0] + last, word=True)
    yield Needle("".join(words), word=True)
    yield Needle(last, word=True)


def _known_name(value: str) -> Iterator[Needle]:
    """A name whose surname others share: only together."""
    last = squeezed(value.split()[-1]) if value.split() else ""
    return (needle for needle in _name(value) if needle.text != last or " " not in value.strip())


# ── Numbers ───────────────────────────────────────────────────────────────


def _phone(value: str) -> Iterator[Needle]:
    """The number without country code and first zero; and what follows the area code, when it stands alone."""
    found = digits(value).text
    for prefix in ("0046", "46"):
        if found.startswith(prefix) and len(found) >= len(prefix) + 7:
            found = found.removeprefix(prefix)
            break
    national = found.lstrip("0")
    if len(national) < 5:
        yield Needle(national, is_number=True, word=True)
        return
    yield Needle(national, is_number=True, faults=int(len(national) >= 8))
    area, _dash, rest = value.partition("-")
    own = digits(rest).text if rest and len(digits(area).text) <= 6 else national[2:]
    if len(own) >= 6:
        yield Needle(own, is_number=True, word=True)


def _identity_number(value: str) -> Iterator[Needle]:
    yield Needle(digits(value).text[-10:], is_number=True)


def _other(value: str) -> Iterator[Needle]:
    for part in [value, *_parts(value)]:
        yield from _phrase(part)
    for run in re.findall(r"\+?\d[\d\s.\-–/]{4,}\d", value):
        yield from _phone(run)
    for local in re.findall(r"([\w.+-]{4,})@", value):
        yield Needle(squeezed(local), word=True)


MAKERS: dict[str, Callable[[str], Iterator[Needle]]] = {
    "address": _address,
    "phone": _phone,
    "school": _place,
    "workplace": _place,
    "new_name": _name,
    "name": _known_name,
    "identity_number": _identity_number,
}
