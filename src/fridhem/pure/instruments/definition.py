"""An assessment instrument: what is asked, when, and what the answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from fridhem.pure.deadlines.span import Span
from fridhem.pure.instruments.expressions import Expression


class Kind(StrEnum):
    """The types of the standard that we have."""

    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    NOTE = "note"
    CALCULATE = "calculate"


@dataclass(frozen=True, slots=True)
class Words:
    """A text by its languages; the Swedish one is the official text."""

    given: Mapping[str, str] = field(default_factory=dict)

    def in_(self, language: str) -> str:
        """In that language ("en-gb" is "en") when there is one, otherwise in Swedish."""
        return self.given.get(language.split("-")[0]) or self.given.get("sv", "")

    def __bool__(self) -> bool:
        return any(self.given.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from; `code` is what is stored, and what a sum counts when it's a number."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Question:
    """A row of the form. `relevant` are its own condition and those of the groups around it: it's asked when all hold."""

    name: str
    kind: Kind
    row: int
    words: Words = Words()
    hint: Words = Words()
    group: Words = Words()
    choices: tuple[Choice, ...] = ()
    relevant: tuple[Expression, ...] = ()
    required: Expression | None = None
    required_message: Words = Words()
    constraint: Expression | None = None
    constraint_message: Words = Words()
    calculation: Expression | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it takes an answer from the one who fills in the form."""
        return self.kind not in (Kind.NOTE, Kind.CALCULATE)

    def words_of(self, answer: str, language: str) -> str:
        """An answer in words."""
        said = {choice.code: choice.words.in_(language) for choice in self.choices}
        return ", ".join(said.get(code, code) for code in answer.split()) if said else answer


@dataclass(frozen=True, slots=True)
class Level:
    """What a result means. It fits from `low` to `high`, both included, or when its own condition holds (`when`)."""

    code: str
    words: Words
    advice: Words = Words()
    low: Decimal | None = None
    high: Decimal | None = None
    when: Expression | None = None
    is_dangerous: bool = False
    review: Span | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """An instrument. `order`: the questions so that each comes after what it's worked out from. `score`: the one that is counted.

    `edition` is what the file calls its version, `rights` whose the text is and on what terms it's used.
    """

    key: str
    name: Words
    edition: str
    about: Words
    rights: str
    questions: tuple[Question, ...]
    order: tuple[str, ...]
    levels: tuple[Level, ...] = ()
    score: str = ""

    @property
    def by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in self.questions}

    def level(self, code: str) -> Level | None:
        """The level of that code."""
        return next((level for level in self.levels if level.code == code), None)
