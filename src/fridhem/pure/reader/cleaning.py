"""Extracted text → text that rules can read, with the way back to every character.

A cleaned text has no soft hyphens, no words cut at a line's end, one kind of blank and hyphen, and one sign between the
cells of a table. The original is never changed: a place found in the cleaned text is given as a place in the original.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

CELL = "\x1f"  # ASCII's own unit separator, between the cells of a table
ENDS = "\n\f" + CELL
COLUMN = "[ ]{3,}"  # between the columns of a letterhead

# (name, what stands in the original, what the rules read instead). The first that fits is used.
NOISE = (
    ("line break written as a tag in a number", r"(?<=\d)-<br\s*/?>(?=\d)", "-"),
    ("soft hyphen", "\u00ad[ ]?\n?", ""),
    ("invisible signs", "[\u200b-\u200f\u2060\ufeff]", ""),
    ("a number cut at a line's end", r"(?<=[\dA-ZÅÄÖ])-[ ]*\n[ ]*(?=\d)", "-"),
    ("a word cut at a line's end", r"(?<=[a-zåäöé])-[ ]*\n[ ]*(?=(?!och\b|eller\b|samt\b|respektive\b)[a-zåäöé])", ""),
    ("a double name cut at a line's end", r"(?<=[A-Za-zåäöé])-[ ]*\n[ ]*(?=[A-ZÅÄÖ][a-zåäö])", "-"),
    ("line break written as a tag", r"<br\s*/?>", "\n"),
    ("escaped sign", r"\\(?=[.\-*_#\[\]()+])", ""),
    ("bold", r"\*\*|__", ""),
    ("rule of a table", r"\|(?:[ ]*:?-{3,}:?[ ]*\|)+", CELL),
    ("border of a cell", r"(?<! )[ ]*\|[ ]*", CELL),
    ("ampersand written as a name", "&amp;", "&"),
    ("blank of another width", "[\u00a0\u2000-\u200a\u202f\u3000\t]", " "),
    ("hyphen of another kind", "[\u2010\u2011\u2212]", "-"),
    ("ligature", "[\ufb00-\ufb04]", None),
    ("letter and accent apart", "[A-Za-z][\u0300-\u036f]+", None),
)
NOISE_PATTERN = re.compile("|".join(f"({pattern})" for _, pattern, _ in NOISE))


@dataclass(frozen=True)
class Line:
    """A line of the cleaned text, or its part in one cell or column, without blanks around it."""

    start: int
    end: int
    text: str
    number: int
    after_gap: bool


@dataclass(frozen=True)
class Step:
    """From `here` in the cleaned and `there` in the original, both run in step; `kept` says how it was reached.

    `kept` is the number of characters that stand instead of the noise before this step: none where it was dropped.
    """

    here: int
    there: int
    kept: int = 0


@dataclass(frozen=True)
class Clean:
    """The cleaned text, its lines, and the steps back to the original."""

    text: str
    steps: tuple[Step, ...] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the original text of the cleaned characters from `start` to before `end`."""
        first, last = self._governing(start), self._governing(end - 1)
        following = self.steps[last + 1] if last + 1 < len(self.steps) else None
        if following and following.here == end and following.kept:
            return self._back(first, start), following.there
        return self._back(first, start), self._back(last, end - 1) + 1

    def _governing(self, offset: int) -> int:
        return bisect_right(self.steps, offset, key=lambda step: step.here) - 1

    def _back(self, step: int, offset: int) -> int:
        return self.steps[step].there + offset - self.steps[step].here

    def line_at(self, offset: int) -> Line:
        """Give the line that holds `offset`."""
        return self.lines[max(0, bisect_right(self.lines, offset, key=lambda line: line.start) - 1)]

    def lines_between(self, start: int, end: int) -> tuple[Line, ...]:
        """Give the lines that begin from `start` to before `end`."""
        first = bisect_left(self.lines, start, key=lambda line: line.start)
        return self.lines[first : bisect_left(self.lines, end, first, key=lambda line: line.start)]


def clean(text: str) -> Clean:
    """Clean `text` for the rules."""
    pieces: list[str] = []
    steps = [Step(0, 0)]
    length = at = 0
    for noise in NOISE_PATTERN.finditer(text):
        instead = NOISE[(noise.lastindex or 1) - 1][2]
        kept = unicodedata.normalize("NFKC", noise[0]) if instead is None else instead
        pieces += (text[at : noise.start()], kept)
        length += noise.start() - at
        if kept:
            steps.append(Step(length, noise.start()))
        length, at = length + len(kept), noise.end()
        steps.append(Step(length, at, len(kept)))
    pieces.append(text[at:])
    cleaned = "".join(pieces)
    return Clean(cleaned, tuple(steps), tuple(_lines(cleaned)))


LINE = re.compile(f"(?:(?!{COLUMN})[^{ENDS}])*(?:{COLUMN}|[{ENDS}]|$)")


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    gap = True
    for match in LINE.finditer(text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + match[0].index(stripped)
            lines.append(Line(start, start + len(stripped), stripped, len(lines), gap))
        if match[0].strip(" ") or match[0][-1:] != " ":
            gap = not stripped or match[0][-1] in CELL + "\f"
    return lines or [Line(0, 0, "", 0, True)]
