"""A sheet: what is to be written in a step, and the questions whose answers steer the process or are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages of the staff; the Swedish ones are the official text."""

    sv: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """English for "en" (and "en-gb" …) where there are any, otherwise Swedish."""
        return self.en if self.en and language.split("-")[0] == "en" else self.sv

    def __bool__(self) -> bool:
        return bool(self.sv)


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers to choose from; `code` is what is stored."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one answer of several."""

    name: str
    words: Words
    answers: tuple[Answer, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(answer.code for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Need:
    """What must be in place before the step can be done: `what` is known by name, and asked for when the answers fit `when`."""

    what: str
    when: Mapping[str, str] = field(default_factory=dict)

    def is_asked(self, answers: Mapping[str, object]) -> bool:
        return all(answers.get(name) == code for name, code in self.when.items())


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one kind of step asks. `writes` is the kind of note in the journal that its text becomes."""

    key: str
    name: Words
    text: Words
    hint: Words = Words()
    questions: tuple[Question, ...] = ()
    needs: tuple[Need, ...] = ()
    writes: str = "assessment"

    def wrong_answers(self, answers: Mapping[str, object]) -> list[str]:
        """The questions that lack one of their answers, and the answers to what isn't asked."""
        missing = [question.name for question in self.questions if answers.get(question.name) not in question.codes]
        return missing + sorted(set(answers) - {question.name for question in self.questions})
