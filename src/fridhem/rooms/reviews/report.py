"""The figures of a review laid out for a reader: a line for each question. What is hidden stays None."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.pure.samples.shares import wilson
from fridhem.rooms.reviews.catalogue import Routine
from fridhem.rooms.reviews.enums import Verdict


@dataclass(frozen=True)
class Line:
    """How one question was answered. `share`: yes of yes and no, in whole percent, and what lies within the 95 % interval.

    None: hidden, or nothing to divide by.
    """

    words: str
    yes: int | None
    no: int | None
    not_applicable: int | None
    share: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def counts(self) -> tuple[int | None, int | None, int | None]:
        """As they stand beside each other in the table."""
        return self.yes, self.no, self.not_applicable


def of_table(routine: Routine, table: SafeTable, language: str) -> list[Line]:
    """The lines of a protected table."""
    answers = {name: {one: table.value(question=name, answer=one) for one in Verdict.values} for name in routine.names}
    return lines(routine, answers, language)


def lines(routine: Routine, answers: Mapping[str, Mapping[str, int | None]], language: str) -> list[Line]:
    """A line for each question of the routine; one that nobody has answered has noughts."""
    return [_line(each.question.words.in_(language), answers.get(each.name, {})) for each in routine.asked]


def _line(words: str, found: Mapping[str, int | None]) -> Line:
    yes, no, other = (found.get(answer, 0) for answer in (Verdict.YES, Verdict.NO, Verdict.NOT_APPLICABLE))
    if yes is None or no is None or not yes + no:
        return Line(words, yes, no, other)
    whole = yes + no
    low, high = wilson(yes, whole)
    return Line(words, yes, no, other, (200 * yes + whole) // (2 * whole), floor(100 * low), ceil(100 * high))
