"""What is wrong with an instrument, and where: codes, which the room above has words for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST = 30  # more faults than this help nobody


class What(StrEnum):
    """What is wrong."""

    NOT_A_WORKBOOK = "not_a_workbook"
    TOO_LARGE = "too_large"
    MACROS = "macros"
    LOCKED = "locked"
    ENTITIES = "entities"
    FORMULA = "formula"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LONG = "too_long"
    SAME_COLUMN = "same_column"
    NO_HEAD = "no_head"
    NO_SHEET = "no_sheet"
    UNKNOWN_COLUMN = "unknown_column"
    EMPTY = "empty"
    NO_SWEDISH = "no_swedish"
    UNKNOWN_TYPE = "unknown_type"
    BAD_NAME = "bad_name"
    SAME_NAME = "same_name"
    UNKNOWN_LIST = "unknown_list"
    BAD_CHOICE = "bad_choice"
    GROUP_NOT_OPEN = "group_not_open"
    GROUP_NOT_CLOSED = "group_not_closed"
    BAD_EXPRESSION = "bad_expression"
    UNKNOWN_FUNCTION = "unknown_function"
    UNKNOWN_QUESTION = "unknown_question"
    CIRCULAR = "circular"
    NO_QUESTIONS = "no_questions"
    NOT_YES_OR_NO = "not_yes_or_no"
    BAD_NUMBER = "bad_number"
    BAD_SPAN = "bad_span"
    NO_SCORE = "no_score"
    NO_WAY_TO_LEVEL = "no_way_to_level"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: on which sheet and row (0: none in particular), in which column, and what stands there."""

    what: What
    sheet: str = ""
    row: int = 0
    column: str = ""
    said: str = ""


class BadInstrument(ValueError):
    """The file can't be used as an instrument."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)[:MOST]
        super().__init__("; ".join(f"{fault.sheet} {fault.row} {fault.what} {fault.said}" for fault in self.faults))


class Faults:
    """Faults as they are found; `stop` raises them, when the rest can't be read without what is missing."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, what: What, sheet: str = "", row: int = 0, column: str = "", said: str = "") -> None:
        self.found.append(Fault(what, sheet, row, column, " ".join(said.split())[:80]))

    def stop(self) -> None:
        """Raise `BadInstrument` if anything was found."""
        if self.found:
            raise BadInstrument(self.found)
