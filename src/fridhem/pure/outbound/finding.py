"""Where in a text something stands that must not leave."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from fridhem.pure.outbound.folding import Folded, digits, digits_read_loosely, fold
from fridhem.pure.outbound.near import near
from fridhem.pure.outbound.needles import Needle

ENDINGS = ("", "s", "n", "en", "ns", "ens", "na", "nas", "et", "ets", "t", "ts")
SECRET_BACKWARDS = 8  # signs: from here a needle is looked for backwards too
WIDEST_GAP = 12  # signs between two digits of one number
BLACK = "█" * 6  # always as long: the length of what is hidden tells nothing


@dataclass(frozen=True)
class Haystack:
    """A text to look in, folded once for all needles."""

    text: str

    @cached_property
    def letters(self) -> Folded:
        """All letters and digits."""
        return fold(self.text)

    @cached_property
    def numbers(self) -> tuple[Folded, ...]:
        """The digits, and the digits as an eye reads them where that differs."""
        strict, loose = digits(self.text), digits_read_loosely(self.text)
        return (strict,) if loose.text == strict.text else (strict, loose)


def find(needle: Needle, haystack: Haystack) -> Iterator[tuple[int, int]]:
    """Where in the text the needle stands: start and end."""
    if needle.is_number:
        for stream in haystack.numbers:
            yield from _spans(stream, _number(needle, stream))
    else:
        yield from _spans(haystack.letters, _letters(needle, haystack.letters))


def _spans(folded: Folded, found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    return (folded.span(start, end) for start, end in found)


def _number(needle: Needle, stream: Folded) -> Iterator[tuple[int, int]]:
    for start, end in _exact(needle.text, stream.text):
        alone = stream.begins(start) and stream.begins(end) and _is_parted_so(needle, stream, start)
        if _holds_together(stream, start, end) and (alone or not needle.word):
            yield start, end
    if needle.faults:
        yield from (place for place in near(needle.text, stream.text, needle.faults) if _holds_together(stream, *place))


def _holds_together(stream: Folded, start: int, end: int) -> bool:
    places = stream.places[start:end]
    return all(after - before <= WIDEST_GAP for before, after in pairwise(places))


def _is_parted_so(needle: Needle, stream: Folded, start: int) -> bool:
    """Whether the number is parted where it may be: as a whole, there, or sign by sign."""
    inner = [at for at in range(1, len(needle.text)) if stream.starts[start + at]]
    return needle.breaks is None or inner in ([], [*needle.breaks], list(range(1, len(needle.text))))


def _letters(needle: Needle, folded: Folded) -> Iterator[tuple[int, int]]:
    fits: Callable[[Folded, int, int], bool] = _is_word if needle.word else _anywhere
    yield from (place for place in _exact(needle.text, folded.text) if fits(folded, *place))
    if len(needle.text) >= SECRET_BACKWARDS:
        yield from _exact(needle.text[::-1], folded.text)
    if needle.faults:
        whole = _is_word if needle.word or len(needle.text) < 12 else _begins
        yield from (place for place in near(needle.text, folded.text, needle.faults) if whole(folded, *place))


def _anywhere(folded: Folded, start: int, end: int) -> bool:
    return True


def _begins(folded: Folded, start: int, end: int) -> bool:
    return folded.begins(start)


def _is_word(folded: Folded, start: int, end: int) -> bool:
    """Whether it begins as a word and ends as one, with an ending of its own or a digit after it."""
    if not folded.begins(start):
        return False
    if folded.text[end : end + 1].isdigit():
        return True
    return any(folded.text.startswith(ending, end) and folded.begins(end + len(ending)) for ending in ENDINGS)


def _exact(word: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + 1)


def blacked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans blacked out."""
    out, done = [], 0
    for start, end in sorted(spans):
        if end <= done:
            continue
        out += [text[done : max(start, done)], BLACK if start >= done else ""]
        done = end
    return "".join([*out, text[done:]])
