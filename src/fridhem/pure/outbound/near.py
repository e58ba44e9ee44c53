"""Where a word stands in a text with a few wrong signs: left out, put in, exchanged, or two neighbours swapped.

A word with `most` faults, cut into 2·most + 1 pieces, has at least one piece whole (a swap can hurt two). So pieces are found
exactly, and only their surroundings are measured (optimal string alignment).
"""

from collections.abc import Iterator
from itertools import pairwise


def near(word: str, text: str, most: int) -> Iterator[tuple[int, int]]:
    """The places in `text` that are `word` but for at most `most` faults: start and end."""
    seen: set[int] = set()
    for offset, piece in _pieces(word, 2 * most + 1):
        at = text.find(piece)
        while at >= 0:
            begin = max(at - offset - most, 0)
            if at - offset not in seen:
                seen.add(at - offset)
                found = closest(word, text[begin : at - offset + len(word) + most], most)
                if found:
                    yield begin + found[0], begin + found[1]
            at = text.find(piece, at + 1)


def closest(word: str, text: str, most: int) -> tuple[int, int] | None:
    """The place in `text` that is most like `word`, with at most `most` faults; the first of several."""
    above: list[tuple[int, int]] = [(0, start) for start in range(len(text) + 1)]
    before = above
    for row, sign in enumerate(word, start=1):
        here = [(row, 0)]
        for column, other in enumerate(text, start=1):
            ways = [
                (above[column - 1][0] + (sign != other), above[column - 1][1]),
                (above[column][0] + 1, above[column][1]),
                (here[column - 1][0] + 1, here[column - 1][1]),
            ]
            if row > 1 and column > 1 and sign == text[column - 2] and word[row - 2] == other:
                ways.append((before[column - 2][0] + 1, before[column - 2][1]))
            here.append(min(ways, key=lambda way: way[0]))
        before, above = above, here
    end = min(range(len(above)), key=lambda column: above[column][0])
    faults, start = above[end]
    return (start, end) if faults <= most and end > start else None


def _pieces(word: str, count: int) -> list[tuple[int, str]]:
    cuts = [round(len(word) * number / count) for number in range(count + 1)]
    return [(begin, word[begin:end]) for begin, end in pairwise(cuts) if end > begin]
