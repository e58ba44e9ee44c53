"""Fill in an instrument: which questions are asked after these answers, what is wrong with them, and what they come to.

An answer to a question that isn't asked is dropped, and counts for nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fridhem.pure.instruments import expressions
from fridhem.pure.instruments.definition import Definition, Kind, Level, Question
from fridhem.pure.instruments.expressions import Known, Value, is_true, work_out

LONGEST_TEXT = 4_000
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it. `answers` and `counted` by question, as text; several choices with spaces between, as XForms do.

    `asked`: the questions and notes that are shown. `missing` need an answer, `misread` aren't answers of their kind, `unfit`
    break their own rule. `uncounted` are asked, have no answer, and so let the score be no number.
    """

    asked: tuple[Question, ...]
    answers: Mapping[str, str]
    counted: Mapping[str, str]
    missing: tuple[str, ...] = ()
    misread: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()
    score: Decimal | None = None
    level: Level | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it can be kept."""
        return not (self.missing or self.misread or self.unfit or self.uncounted)


def fill(definition: Definition, given: Mapping[str, str], *, today: date) -> Filled:
    """Hold answers against an instrument. `given`: what was answered, by question; what isn't a question is dropped."""
    questions, values = definition.by_name, dict[str, Value]()
    shown, misread = set[str](), list[str]()
    for name in definition.order:
        question, known = questions[name], Known(values, today)
        if not all(is_true(work_out(each, known)) for each in question.relevant):
            values[name] = ""
            continue
        shown.add(name)
        if question.calculation is not None:
            values[name] = expressions.text(work_out(question.calculation, known))
        else:
            read = _read(question, given.get(name, "").strip())
            misread += [name] if read is None else []
            values[name] = read or ""
    known = Known(values, today)
    asked = tuple(question for question in definition.questions if question.name in shown)
    score = expressions.number(values[definition.score]) if definition.score in shown else expressions.NAN
    answered = {question.name: str(values[question.name]) for question in asked if values[question.name] != ""}
    return Filled(
        asked=tuple(question for question in asked if question.kind != Kind.CALCULATE),
        answers={name: answer for name, answer in answered.items() if questions[name].is_asked},
        counted={name: answer for name, answer in answered.items() if not questions[name].is_asked},
        missing=tuple(question.name for question in asked if question.name not in misread and _is_missing(question, known)),
        misread=tuple(misread),
        unfit=tuple(question.name for question in asked if _is_unfit(question, known)),
        uncounted=tuple(_unanswered(definition, values, shown)) if definition.score in shown and not score.is_finite() else (),
        score=score if score.is_finite() else None,
        level=_level(definition, score, known),
    )


def _read(question: Question, text: str) -> str | None:
    """An answer as it's kept; None for what isn't one."""
    if not text or not question.is_asked:
        return ""
    if question.kind in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE):
        chosen, codes = text.split(), [choice.code for choice in question.choices]
        fits = set(chosen) <= set(codes) and (question.kind == Kind.SELECT_MULTIPLE or len(chosen) == 1)
        return " ".join(code for code in codes if code in chosen) if fits else None
    if question.kind == Kind.DATE:
        return _date(text)
    if question.kind == Kind.TEXT:
        return text if len(text) <= LONGEST_TEXT else None
    pattern = WHOLE if question.kind == Kind.INTEGER else NUMBER
    plain = text.replace("\u2212", "-").replace(" ", "")
    return plain.replace(",", ".") if pattern.fullmatch(plain) else None


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _is_missing(question: Question, known: Known) -> bool:
    return (
        question.is_asked
        and not known.answers[question.name]
        and question.required is not None
        and is_true(work_out(question.required, known))
    )


def _is_unfit(question: Question, known: Known) -> bool:
    own = known.answers[question.name]
    if not own or question.constraint is None:
        return False
    return not is_true(work_out(question.constraint, Known(known.answers, known.today, own)))


def _unanswered(definition: Definition, values: Mapping[str, Value], shown: set[str]) -> list[str]:
    """The questions that stand behind the score, are asked and have no answer."""
    questions, behind, waiting = definition.by_name, set[str](), [definition.score]
    while waiting:
        name = waiting.pop()
        if name not in behind:
            behind.add(name)
            calculation = questions[name].calculation
            waiting += expressions.names(calculation) if calculation is not None else ()
    found = (question for question in definition.questions if question.name in behind & shown and question.is_asked)
    return [question.name for question in found if not values[question.name]]


def _level(definition: Definition, score: Decimal, known: Known) -> Level | None:
    """The last level that fits: they are written from the mildest to the gravest."""
    return next((level for level in reversed(definition.levels) if _fits(level, score, known)), None)


def _fits(level: Level, score: Decimal, known: Known) -> bool:
    if level.when is not None and is_true(work_out(level.when, known)):
        return True
    if (level.low is None and level.high is None) or not score.is_finite():
        return False
    return (level.low is None or level.low <= score) and (level.high is None or score <= level.high)
