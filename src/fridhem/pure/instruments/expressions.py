"""The conditions and sums of a form: the small part of XPath 1.0 that XForms use. Parsed to a tree and walked, never executed.

`${name}` is an answer, `.` the answer that a constraint is about. Numbers are decimal. What has no answer is an empty text, and a
sum with an empty text in it isn't a number: write `coalesce(${name}, 0)` where that may be.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from functools import reduce

LONGEST, DEEPEST = 2_000, 30
Value = str | Decimal | bool
NAN = Decimal("NaN")
EXACT = Context(prec=28, traps=[])
TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[\w.-]{1,64}\s*\})|(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign><=|>=|!=|[=<>+*(),-])|(?P<dot>\.)|(?P<word>[a-zA-Z][a-zA-Z0-9]*(?:-[a-zA-Z0-9]+)*))"
)
# From the loosest to the tightest.
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}), frozenset({"and"}), frozenset({"=", "!="}), frozenset({"<", "<=", ">", ">="}), frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)  # fmt: skip


class BadExpression(ValueError):
    """It isn't in the language."""


class UnknownFunction(BadExpression):
    """It calls something that we don't have."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question; of `.`, the one that is being looked at."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator by its sign, and what it's given."""

    name: str
    given: tuple["Expression", ...]


Expression = Literal | Answer | Call


@dataclass(frozen=True, slots=True)
class Known:
    """What an expression is worked out from: the answers by name, the one that is looked at, and the day."""

    answers: Mapping[str, Value]
    today: date
    own: Value = ""


# ── Reading ───────────────────────────────────────────────────────────────


def parse(text: str) -> Expression:
    """The tree of an expression. Raises `BadExpression`, `UnknownFunction`."""
    if len(text) > LONGEST:
        raise BadExpression(text)
    parser = _Parser(list(_tokens(text)))
    tree = parser.level(0, 0)
    if parser.left:
        raise BadExpression(parser.left[0][1])
    return tree


def names(tree: Expression) -> frozenset[str]:
    """The questions that it asks for."""
    if isinstance(tree, Answer):
        return frozenset({tree.name} - {"."})
    return frozenset().union(*(names(each) for each in tree.given)) if isinstance(tree, Call) else frozenset()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if found is None:
            raise BadExpression(text[place:])
        place = found.end()
        assert found.lastgroup
        yield found.lastgroup, found[found.lastgroup]


class _Parser:
    """Goes down the levels of precedence; `left` are the tokens that are left."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.left = tokens

    def level(self, level: int, depth: int) -> Expression:
        if depth > DEEPEST:
            raise BadExpression("(((")
        if level == len(LEVELS):
            return self.unary(depth)
        tree = self.level(level + 1, depth)
        while self.left and self.left[0][0] in {"sign", "word"} and self.left[0][1] in LEVELS[level]:
            sign = self.left.pop(0)[1]
            tree = Call(sign, (tree, self.level(level + 1, depth)))
        return tree

    def unary(self, depth: int) -> Expression:
        if self.left and self.left[0] == ("sign", "-"):
            self.left.pop(0)
            return Call("negative", (self.level(len(LEVELS), depth + 1),))
        return self.primary(depth)

    def primary(self, depth: int) -> Expression:
        kind, text = self.left.pop(0) if self.left else ("", "")
        if kind == "number":
            return Literal(Decimal(text))
        if kind == "text":
            return Literal(text[1:-1])
        if kind == "name":
            return Answer(text[2:-1].strip())
        if kind == "dot":
            return Answer(".")
        if (kind, text) == ("sign", "("):
            tree = self.level(0, depth + 1)
            self.take(")")
            return tree
        if kind == "word" and self.left and self.left[0] == ("sign", "("):
            return self.call(text, depth)
        raise BadExpression(text)

    def call(self, name: str, depth: int) -> Expression:
        if name not in FUNCTIONS:
            raise UnknownFunction(name)
        self.take("(")
        given: list[Expression] = []
        while self.left and self.left[0] != ("sign", ")"):
            if given:
                self.take(",")
            given.append(self.level(0, depth + 1))
        self.take(")")
        least, most, _work = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise BadExpression(name)
        return Call(name, tuple(given))

    def take(self, sign: str) -> None:
        if not self.left or self.left.pop(0) != ("sign", sign):
            raise BadExpression(sign)


# ── Working out ───────────────────────────────────────────────────────────


def work_out(tree: Expression, known: Known) -> Value:
    """What an expression comes to."""
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Answer):
        return known.own if tree.name == "." else known.answers.get(tree.name, "")
    if tree.name == "today":
        return known.today.isoformat()
    if tree.name in {"if", "and", "or"}:
        return _lazy(tree, known)
    given = [work_out(each, known) for each in tree.given]
    work = OPERATORS.get(tree.name) or FUNCTIONS[tree.name][2]
    return work(*given)


def _lazy(tree: Call, known: Known) -> Value:
    """What asks for its second part only when the first doesn't settle it."""
    first = is_true(work_out(tree.given[0], known))
    if tree.name == "if":
        return work_out(tree.given[1 if first else 2], known)
    settled = first if tree.name == "or" else not first
    return first if settled else is_true(work_out(tree.given[1], known))


def is_true(value: Value) -> bool:
    """As XPath's boolean()."""
    if isinstance(value, Decimal):
        return value.is_finite() and value != 0
    return bool(value)


def number(value: Value) -> Decimal:
    """As XPath's number(); NaN for what isn't one."""
    if isinstance(value, bool):
        return Decimal(int(value))
    try:
        found = Decimal(value.strip()) if isinstance(value, str) else value
    except InvalidOperation:
        return NAN
    return found if found.is_finite() and abs(found.adjusted()) < 20 else NAN


def text(value: Value) -> str:
    """As XPath's string(); what isn't a number is no text either."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    plain = number(value)
    return f"{plain.normalize(EXACT):f}" if plain.is_finite() else ""


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return is_true(one) == is_true(other)
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return number(one) == number(other)  # NaN is equal to nothing
    return one == other


def _compared(holds: Callable[[Decimal | date, Decimal | date], bool]) -> Callable[..., Value]:
    def compare(one: Value, other: Value) -> bool:
        days = (_day(one), _day(other))
        if all(days):
            return holds(*days)  # type: ignore[arg-type]
        numbers = (number(one), number(other))
        return all(each.is_finite() for each in numbers) and holds(*numbers)

    return compare


def _day(value: Value) -> date | None:
    if not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _counted(work: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., Value]:
    return lambda one, other: number(work(number(one), number(other)))


def _divided(one: Value, other: Value, *, rest: bool = False) -> Value:
    by = number(other)
    if not by.is_finite() or by == 0:
        return NAN
    return number(EXACT.remainder(number(one), by) if rest else EXACT.divide(number(one), by))


def _rounded(value: Value, places: Value = Decimal(0)) -> Value:
    found, digits = number(value), number(places)
    if not (found.is_finite() and digits.is_finite() and 0 <= digits <= 10):
        return NAN
    return number(EXACT.quantize(found, Decimal(1).scaleb(-int(digits))))


def _whole(value: Value) -> Value:
    found = number(value)
    return Decimal(int(found)) if found.is_finite() else NAN


def _extreme(choose: Callable[[list[Decimal]], Decimal], given: tuple[Value, ...]) -> Value:
    found = [each for each in map(number, given) if each.is_finite()]
    return choose(found) if found else NAN


OPERATORS: Mapping[str, Callable[..., Value]] = {
    "=": _equal,
    "!=": lambda one, other: not _equal(one, other),
    "<": _compared(lambda one, other: one < other),  # type: ignore[operator]
    "<=": _compared(lambda one, other: one <= other),  # type: ignore[operator]
    ">": _compared(lambda one, other: one > other),  # type: ignore[operator]
    ">=": _compared(lambda one, other: one >= other),  # type: ignore[operator]
    "+": _counted(EXACT.add),
    "-": _counted(EXACT.subtract),
    "*": _counted(EXACT.multiply),
    "div": _divided,
    "mod": lambda one, other: _divided(one, other, rest=True),
    "negative": lambda one: number(EXACT.minus(number(one))),
}
# Fewest and most arguments, and the work.
FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Value]]] = {
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "not": (1, 1, lambda one: not is_true(one)),
    "if": (3, 3, lambda *_given: ""),
    "today": (0, 0, lambda: ""),
    "number": (1, 1, number),
    "string": (1, 1, text),
    "string-length": (1, 1, lambda one: Decimal(len(text(one)))),
    "int": (1, 1, _whole),
    "round": (1, 2, _rounded),
    "selected": (2, 2, lambda one, code: text(code) in text(one).split()),
    "count-selected": (1, 1, lambda one: Decimal(len(text(one).split()))),
    "coalesce": (2, 2, lambda one, other: one if text(one) else other),
    "concat": (1, 20, lambda *given: reduce(lambda all, each: all + text(each), given, "")[:LONGEST]),
    "min": (1, 50, lambda *given: _extreme(min, given)),
    "max": (1, 50, lambda *given: _extreme(max, given)),
}
