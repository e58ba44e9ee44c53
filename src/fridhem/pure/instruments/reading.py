"""Read an instrument from the sheets of an XLSForm (xlsform.org), or say of every fault where it is.

`survey`, `choices` and `settings` are the standard's; `levels` is ours, and says what a result means. What we don't have is
refused by name, never passed over: a question that is silently not asked is worse than a file that isn't taken in.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from graphlib import CycleError, TopologicalSorter

from fridhem.pure.deadlines.span import parse_span
from fridhem.pure.instruments import expressions
from fridhem.pure.instruments.definition import Choice, Definition, Kind, Level, Question, Words
from fridhem.pure.instruments.expressions import BadExpression, Expression, Literal, UnknownFunction
from fridhem.pure.instruments.faults import Faults, What
from fridhem.pure.instruments.workbook import Row, Sheets, headed

SHEETS = ("survey", "choices", "settings", "levels")
# The columns of each sheet, and which of them may be written in several languages.
COLUMNS: Mapping[str, frozenset[str]] = {
    "survey": frozenset(
        {
            "type", "name", "label", "hint", "required", "required_message", "relevant", "constraint", "constraint_message",
            "calculation", "appearance",
        }
    ),
    "choices": frozenset({"list_name", "name", "label"}),
    "settings": frozenset({"form_title", "form_id", "version", "default_language", "score", "about", "rights"}),
    "levels": frozenset({"code", "from", "to", "when", "label", "advice", "dangerous", "review"}),
}  # fmt: skip
SPOKEN = frozenset({"label", "hint", "required_message", "constraint_message", "advice", "form_title", "about"})
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)  # stands in addresses
CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
LANGUAGE = re.compile(r"(?P<column>[^:]+)::[^()]*\((?P<code>[a-z]{2})(?:-[A-Za-z]+)?\)", re.ASCII)
BARE_LANGUAGE = re.compile(r"(?P<column>[^:]+)::(?P<code>[a-z]{2})", re.ASCII)
YES, NO = frozenset({"yes", "true", "true()", "ja", "1"}), frozenset({"", "no", "false", "false()", "nej", "0"})
MOST_QUESTIONS, MOST_DEPTH = 300, 5


def sheets_of(texts: Mapping[str, str]) -> Sheets:
    """The sheets from a CSV text each, by their names: the form that ships in a repository. Raises `BadInstrument`."""
    faults, found = Faults(), dict[str, tuple[Row, ...]]()
    for name, text in texts.items():
        rows = enumerate(csv.reader(text.splitlines()), 1)
        cells = ((number, {str(n): cell.strip() for n, cell in enumerate(row) if cell.strip()}) for number, row in rows)
        found[name] = tuple(headed(name, cells, faults))
    faults.stop()
    return found


def read_instrument(sheets: Sheets) -> Definition:
    """The instrument in the sheets. Raises `BadInstrument` with every fault found."""
    faults = Faults()
    for name in ("survey", "settings"):
        if name not in sheets:
            faults.add(What.NO_SHEET, said=name)
    spoken = {name: [_spoken(name, row, faults) for row in sheets.get(name, ())] for name in SHEETS}
    faults.stop()
    lists = _choices(spoken["choices"], faults)
    questions = tuple(_Survey(lists, faults).questions(spoken["survey"]))
    if not any(question.is_asked for question in questions) or len(questions) > MOST_QUESTIONS:
        faults.add(What.NO_QUESTIONS, "survey")
    levels = tuple(_level(row, faults) for row in spoken["levels"])
    definition = _settings(spoken["settings"], questions, _order(questions, faults), levels, faults)
    _check_names(definition, faults)
    _check_levels(definition, spoken["levels"], faults)
    faults.stop()
    return definition


# ── Cells ─────────────────────────────────────────────────────────────────


class _Line:
    """A row with its sheet, its plain cells and its spoken ones."""

    def __init__(self, sheet: str, row: Row, plain: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> None:
        self.sheet, self.number, self.plain, self._words = sheet, row.number, plain, words

    def __getitem__(self, column: str) -> str:
        return self.plain.get(column, "")

    def words(self, column: str) -> Words:
        return Words(self._words.get(column, {}))

    def needed_words(self, column: str, faults: Faults) -> Words:
        """Words that must be there in Swedish."""
        found = self.words(column)
        if not found.given.get("sv"):
            faults.add(What.NO_SWEDISH if found else What.EMPTY, self.sheet, self.number, column)
        return found

    def expression(self, column: str, faults: Faults) -> Expression | None:
        text = self[column]
        if not text:
            return None
        try:
            return expressions.parse(text)
        except UnknownFunction as unknown:
            faults.add(What.UNKNOWN_FUNCTION, self.sheet, self.number, column, str(unknown))
        except BadExpression as bad:
            faults.add(What.BAD_EXPRESSION, self.sheet, self.number, column, str(bad) or text)
        return None

    def is_yes(self, column: str, faults: Faults) -> bool:
        if self[column].lower() not in YES | NO:
            faults.add(What.NOT_YES_OR_NO, self.sheet, self.number, column, self[column])
        return self[column].lower() in YES

    def number_in(self, column: str, faults: Faults) -> Decimal | None:
        try:
            found = Decimal(self[column].replace(",", ".")) if self[column] else None
        except InvalidOperation:
            found = Decimal("NaN")
        if found is None or found.is_finite():
            return found
        faults.add(What.BAD_NUMBER, self.sheet, self.number, column, self[column])
        return None


def _spoken(sheet: str, row: Row, faults: Faults) -> _Line:
    plain, words = dict[str, str](), dict[str, dict[str, str]]()
    for head, text in row.cells.items():
        found = LANGUAGE.fullmatch(head) or BARE_LANGUAGE.fullmatch(head)
        column = (found["column"].strip().lower() if found else head).replace("list name", "list_name")
        column = {"message": "constraint_message", "calculate": "calculation", "relevance": "relevant"}.get(column, column)
        if column not in COLUMNS[sheet] or (found and column not in SPOKEN):
            faults.add(What.UNKNOWN_COLUMN, sheet, row.number, head)
        elif column in SPOKEN:
            words.setdefault(column, {}).setdefault(found["code"] if found else "sv", text)
        else:
            plain[column] = text
    return _Line(sheet, row, plain, words)


def _choices(rows: list[_Line], faults: Faults) -> Mapping[str, tuple[Choice, ...]]:
    lists = dict[str, list[Choice]]()
    for row in rows:
        known = lists.setdefault(row["list_name"], [])
        if not row["list_name"] or not CODE.fullmatch(row["name"]):
            faults.add(What.BAD_CHOICE, row.sheet, row.number, "name", row["name"])
        elif row["name"] in {choice.code for choice in known}:
            faults.add(What.SAME_NAME, row.sheet, row.number, "name", row["name"])
        known.append(Choice(row["name"], row.needed_words("label", faults)))
    return {name: tuple(choices) for name, choices in lists.items()}


# ── The questions ─────────────────────────────────────────────────────────


class _Survey:
    """Goes through the rows in their order, and knows which groups are open."""

    def __init__(self, lists: Mapping[str, tuple[Choice, ...]], faults: Faults) -> None:
        self.lists, self.faults = lists, faults
        self.open: list[tuple[_Line, Words, Expression | None]] = []
        self.taken: set[str] = set()

    def questions(self, rows: list[_Line]) -> Iterator[Question]:
        for row in rows:
            kind = " ".join(row["type"].split()).replace("begin_group", "begin group").replace("end_group", "end group")
            if kind == "begin group":
                self.begin(row)
            elif kind == "end group":
                self.end(row)
            else:
                found = self.question(row, kind)
                if found:
                    yield found
        for row, _words, _relevant in self.open:
            self.faults.add(What.GROUP_NOT_CLOSED, row.sheet, row.number, "type", row["name"])

    def begin(self, row: _Line) -> None:
        self.name(row)
        if len(self.open) >= MOST_DEPTH:
            self.faults.add(What.UNKNOWN_TYPE, row.sheet, row.number, "type", "begin group")
        self.open.append((row, row.words("label"), row.expression("relevant", self.faults)))

    def end(self, row: _Line) -> None:
        if self.open:
            self.open.pop()
        else:
            self.faults.add(What.GROUP_NOT_OPEN, row.sheet, row.number, "type")

    def name(self, row: _Line) -> str:
        name = row["name"]
        if not NAME.fullmatch(name):
            self.faults.add(What.BAD_NAME if name else What.EMPTY, row.sheet, row.number, "name", name)
        elif name in self.taken:
            self.faults.add(What.SAME_NAME, row.sheet, row.number, "name", name)
        self.taken.add(name)
        return name

    def question(self, row: _Line, said: str) -> Question | None:
        word, _space, list_name = said.partition(" ")
        if word not in set(Kind) or bool(list_name) != word.startswith("select_"):
            self.faults.add(What.UNKNOWN_TYPE, row.sheet, row.number, "type", said)
            return None
        kind = Kind(word)
        if list_name and len(self.lists.get(list_name, ())) < 1:
            self.faults.add(What.UNKNOWN_LIST, row.sheet, row.number, "type", list_name)
        own = row.expression("relevant", self.faults)
        calculation = row.expression("calculation", self.faults)
        if (kind == Kind.CALCULATE) != bool(row["calculation"]):
            self.faults.add(What.EMPTY if kind == Kind.CALCULATE else What.UNKNOWN_COLUMN, row.sheet, row.number, "calculation")
        return Question(
            name=self.name(row),
            kind=kind,
            row=row.number,
            words=row.words("label") if kind == Kind.CALCULATE else row.needed_words("label", self.faults),
            hint=row.words("hint"),
            group=next((words for _row, words, _relevant in reversed(self.open) if words), Words()),
            choices=self.lists.get(list_name, ()),
            relevant=tuple(each for each in (*(relevant for _row, _words, relevant in self.open), own) if each is not None),
            required=self.required(row),
            required_message=row.words("required_message"),
            constraint=row.expression("constraint", self.faults),
            constraint_message=row.words("constraint_message"),
            calculation=calculation,
        )

    def required(self, row: _Line) -> Expression | None:
        said = row["required"].lower()
        return Literal(said in YES) if said in YES | NO else row.expression("required", self.faults)


def _order(questions: Collection[Question], faults: Faults) -> tuple[str, ...]:
    """The questions so that each comes after what decides whether it's asked and what it comes to."""
    rows = {question.name: question.row for question in questions}
    asked = {
        question.name: frozenset().union(*map(expressions.names, (*question.relevant, question.calculation or Literal(""))))
        for question in questions
    }
    try:
        return tuple(TopologicalSorter(asked).static_order())
    except CycleError as cycle:
        around = cycle.args[1]
        faults.add(What.CIRCULAR, "survey", rows.get(around[0], 0), said=" → ".join(reversed(around)))
        return ()


def _check_names(definition: Definition, faults: Faults) -> None:
    """Whatever is asked for must be asked."""
    known = {question.name for question in definition.questions if question.kind != Kind.NOTE}
    for question in definition.questions:
        for tree in (*question.relevant, question.required, question.constraint, question.calculation):
            for name in sorted(expressions.names(tree) - known) if tree else ():
                faults.add(What.UNKNOWN_QUESTION, "survey", question.row, said=name)
    for level in definition.levels:
        for name in sorted(expressions.names(level.when) - known) if level.when else ():
            faults.add(What.UNKNOWN_QUESTION, "levels", column="when", said=name)


# ── Settings and levels ───────────────────────────────────────────────────


def _settings(
    rows: list[_Line], questions: tuple[Question, ...], order: tuple[str, ...], levels: tuple[Level, ...], faults: Faults
) -> Definition:
    row = rows[0] if rows else _Line("settings", Row(2, {}), {}, {})
    for column in ("form_id", "rights"):
        if not row[column]:
            faults.add(What.EMPTY, "settings", row.number, column)
    if row["form_id"] and not KEY.fullmatch(row["form_id"]):
        faults.add(What.BAD_NAME, "settings", row.number, "form_id", row["form_id"])
    counted = {question.name for question in questions if question.kind in (Kind.CALCULATE, Kind.INTEGER, Kind.DECIMAL)}
    if row["score"] and row["score"] not in counted:
        faults.add(What.NO_SCORE, "settings", row.number, "score", row["score"])
    return Definition(
        key=row["form_id"],
        name=row.needed_words("form_title", faults),
        edition=row["version"],
        about=row.words("about"),
        rights=row["rights"],
        questions=questions,
        order=order,
        levels=levels,
        score=row["score"],
    )


def _level(row: _Line, faults: Faults) -> Level:
    if not CODE.fullmatch(row["code"]):
        faults.add(What.BAD_NAME, row.sheet, row.number, "code", row["code"])
    span = None
    try:
        span = parse_span(row["review"]) if row["review"] else None
    except ValueError:
        faults.add(What.BAD_SPAN, row.sheet, row.number, "review", row["review"])
    if span and span.hours:
        faults.add(What.BAD_SPAN, row.sheet, row.number, "review", row["review"])
    return Level(
        code=row["code"],
        words=row.needed_words("label", faults),
        advice=row.words("advice"),
        low=row.number_in("from", faults),
        high=row.number_in("to", faults),
        when=row.expression("when", faults),
        is_dangerous=row.is_yes("dangerous", faults),
        review=span,
    )


def _check_levels(definition: Definition, rows: list[_Line], faults: Faults) -> None:
    """A result must have one meaning: no two spans of points share one, and each level can be reached."""
    if len({level.code for level in definition.levels}) < len(definition.levels):
        faults.add(What.SAME_NAME, "levels", column="code")
    bands = [
        (level, row)
        for level, row in zip(definition.levels, rows, strict=True)
        if level.low is not None or level.high is not None
    ]
    if bands and not definition.score:
        faults.add(What.NO_SCORE, "settings", 2, "score")
    for level, row in zip(definition.levels, rows, strict=True):
        if level.low is None and level.high is None and level.when is None:
            faults.add(What.NO_WAY_TO_LEVEL, "levels", row.number, "from", level.code)
    for place, (level, row) in enumerate(bands):
        if any(_overlap(level, other) for other, _row in bands[:place]):
            faults.add(What.OVERLAP, "levels", row.number, "from", level.code)


def _overlap(one: Level, other: Level) -> bool:
    least, most = Decimal("-Infinity"), Decimal("Infinity")
    low = max(one.low if one.low is not None else least, other.low if other.low is not None else least)
    high = min(one.high if one.high is not None else most, other.high if other.high is not None else most)
    return low <= high
