"""A decision table as people read it: its rules in words, why one of them holds, and what differs between two versions."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from fridhem.pure.decisions import checking
from fridhem.pure.decisions.deciding import Decided
from fridhem.pure.decisions.table import ANY, Between, Cell, Column, Kind, Policy, Rule, Table, Value
from fridhem.rooms.processes.rules import Change

Words = Mapping[tuple[str, str], str]  # (question or answer, code) → what it's called
MOST_TURNS = 5_000  # sorts of cases that two versions are compared by


@dataclass(frozen=True)
class Told:
    """A cell in words; `fits` says whether it holds of what was tried, None when nothing was."""

    words: str
    fits: bool | None = None


@dataclass(frozen=True)
class Line:
    """A rule as a row of the page. Of what was tried: `decides`, and `holds` when all of its cells do."""

    number: int
    asked: Sequence[Told]
    given: Sequence[str]
    note: str
    holds: bool = False
    decides: bool = False


def lines(table: Table, words: Words, decided: Decided | None = None) -> list[Line]:
    """The rules in order, with what came of what was tried."""
    found = []
    for number, rule in enumerate(table.rules, 1):
        held: Sequence[bool | None] = decided.held[number - 1] if decided else [None] * len(rule.cells)
        asked = [Told(told, fits) for told, fits in zip(_asked(table, rule, words), held, strict=True)]
        decides = decided is not None and decided.rule == number
        found.append(Line(number, asked, _given(table, rule, words), rule.note, decided is not None and all(held), decides))
    return found


def default(table: Table, words: Words) -> list[str]:
    """What is answered when no rule holds; empty when one always does."""
    return [value(column, each, words) for column, each in zip(table.outputs, table.default or (), strict=False)]


def why(table: Table, decided: Decided, answers: Mapping[str, Value], words: Words) -> str:
    """In a sentence, why the table answers as it does."""
    if decided.rule is None:
        return _("No rule holds, so the table gives its default answer.")
    return _("Rule %(rule)s decides, since %(case)s.") % {"rule": decided.rule, "case": case(table, answers, words)}


def case(table: Table, answers: Mapping[str, Value], words: Words) -> str:
    """What is answered to the table's questions."""
    return "; ".join(f"{column.label}: {value(column, answers[column.name], words)}" for column in table.inputs)


def result(table: Table, answers: Mapping[str, Value], words: Words) -> str:
    """What the table answers."""
    return "; ".join(f"{column.label}: {value(column, answers[column.name], words)}" for column in table.outputs)


def policy(table: Table) -> str:
    """The hit policy in words."""
    return {
        Policy.UNIQUE: _("Exactly one rule holds in every case."),
        Policy.FIRST: _("The first rule that holds decides: their order counts."),
        Policy.ANY: _("Several rules may hold, and then they give the same answer."),
    }[table.policy]


def value(column: Column, given: Value, words: Words) -> str:
    """One value in words: a code as the sheet or the arrow says it."""
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    return words.get((column.name, given), given) if isinstance(given, str) else str(given)


def values(column: Column, words: Words) -> str:
    """What a column's values are."""
    if column.kind == Kind.CODE:
        return ", ".join(value(column, code, words) for code in column.codes)
    return _("yes or no") if column.kind == Kind.BOOLEAN else _("whole number, %(span)s") % {"span": _between(column.among)}


def distinct(words: Words) -> Words:
    """The words, with the code beside where two codes of one question are called the same: nothing may hide behind a word."""
    called = Counter((name, told) for (name, _code), told in words.items())
    return {(name, code): f"{told} ({code})" if called[name, told] > 1 else told for (name, code), told in words.items()}


def _asked(table: Table, rule: Rule, words: Words) -> list[str]:
    return [_cell(cell, column, words) for cell, column in zip(rule.cells, table.inputs, strict=True)]


def _given(table: Table, rule: Rule, words: Words) -> list[str]:
    return [value(column, each, words) for each, column in zip(rule.results, table.outputs, strict=True)]


def _cell(cell: Cell, column: Column, words: Words) -> str:
    if cell == ANY:
        return _("any answer")
    told = _(" or ").join(
        _between(test) if isinstance(test, Between) else value(column, test, words) for test in dict.fromkeys(cell.tests)
    )
    return _("anything but %(what)s") % {"what": told} if cell.negated else told


def _between(numbers: Between) -> str:
    if numbers.low is not None and numbers.low == numbers.high:
        return str(numbers.low)
    if numbers.low is None:
        return _("any") if numbers.high is None else _("at most %(number)s") % {"number": numbers.high}
    if numbers.high is None:
        return _("at least %(number)s") % {"number": numbers.low}
    return _("%(low)s to %(high)s") % {"low": numbers.low, "high": numbers.high}


# ── What differs between two versions ─────────────────────────────────────


def changes(old: Table, new: Table, words: Words) -> list[Change]:
    """What differs: what is said of the table, its columns, its rules and its default answer."""
    found = [*_about(old, new, words), *_columns(old, new, words), *_rules(old, new, words)]
    if not found and _exactly(old) != _exactly(new):
        found.append(Change(_("The whole table"), _("Something else differs: compare the files in an editor before you publish")))
    return found


def _exactly(table: Table) -> object:
    """What decides, whatever it's called."""
    return table.inputs, table.outputs, [(rule.cells, rule.results) for rule in table.rules], table.default


def turns(old: Table, new: Table, words: Words) -> list[tuple[str, str, str]] | None:
    """The cases that get another answer, as (case, what it was, what it is); None when that can't be told.

    They can't when the tables don't ask the same, or when there are too many cases to try.
    """
    if not checking.asks_the_same(old, new):
        return None
    found = _turns(old, new)
    if found is None:
        return None
    return [(case(new, turn.example, words), result(old, turn.was, words), result(new, turn.now, words)) for turn in found]


@lru_cache(maxsize=64)
def _turns(old: Table, new: Table) -> list[checking.Turn] | None:
    """A version never changes, so two are compared once, however often they are looked at."""
    return checking.turns(old, new, most=MOST_TURNS)


def _about(old: Table, new: Table, words: Words) -> Iterator[Change]:
    whole = _("The whole table")
    for what, was, now in (
        (_("What it's called"), old.name, new.name),
        (_("How"), old.description, new.description),
        (_("Hit policy"), policy(old), policy(new)),
        (_("Default answer"), "; ".join(default(old, words)), "; ".join(default(new, words))),
    ):
        if was != now:
            yield Change(whole, what, was, now)


def _columns(old: Table, new: Table, words: Words) -> Iterator[Change]:
    for name_of_new, gone, was, now in (
        (_("New question"), _("The question is gone"), old.inputs, new.inputs),
        (_("New answer"), _("The answer is gone"), old.outputs, new.outputs),
    ):
        before, after = ({column.name: column for column in columns} for columns in (was, now))
        for name, column in after.items():
            if name not in before:
                yield Change(column.label, name_of_new, now=values(column, words))
                continue
            for what, told_before, told_now in (
                (_("What it's called"), before[name].label, column.label),
                (_("Values"), values(before[name], words), values(column, words)),
            ):
                if told_before != told_now:
                    yield Change(column.label, what, told_before, told_now)
        yield from (Change(column.label, gone, was=values(column, words)) for name, column in before.items() if name not in after)


@dataclass(frozen=True)
class _Said:
    """A rule as it's compared: `id` is its own in the file, which editors keep."""

    when: str
    then: str
    note: str
    id: str

    def __str__(self) -> str:
        return _("%(when)s → %(then)s") % {"when": self.when, "then": self.then}


def _rules(old: Table, new: Table, words: Words) -> Iterator[Change]:
    was, now = _said(old, words), _said(new, words)
    pairs = _paired(was, now)
    for number, said in now.items():
        step = _("Rule %(number)s") % {"number": number}
        if number not in pairs:
            yield Change(step, _("New rule"), now=str(said))
            continue
        before = was[pairs[number]]
        if str(before) != str(said):
            yield Change(step, _("Changed rule"), str(before), str(said))
        if before.note != said.note:
            yield Change(step, _("Note"), before.note, said.note)
    for number in sorted(set(was) - set(pairs.values())):
        yield Change(_("Rule %(number)s") % {"number": number}, _("The rule is gone"), was=str(was[number]))
    order = [pairs[number] for number in sorted(pairs)]
    if order != sorted(order) and Policy.FIRST in (old.policy, new.policy):
        yield Change(
            _("The whole table"), _("The order of the rules"), ", ".join(map(str, sorted(order))), ", ".join(map(str, order))
        )


def _said(table: Table, words: Words) -> dict[int, _Said]:
    """The rules by number. A question that any answer will do for says nothing, so that a new one changes no rule by itself."""
    found = {}
    for number, rule in enumerate(table.rules, 1):
        asked = zip(table.inputs, rule.cells, _asked(table, rule, words), strict=True)
        when = "; ".join(sorted(f"{column.label}: {told}" for column, cell, told in asked if cell != ANY))
        given = zip(table.outputs, _given(table, rule, words), strict=True)
        then = "; ".join(f"{column.label}: {told}" for column, told in given)
        found[number] = _Said(when or _("always"), then, rule.note, rule.id)
    return found


def _paired(was: Mapping[int, _Said], now: Mapping[int, _Said]) -> dict[int, int]:
    """Which rule became which, new → old: first those that say the same, then those that ask the same, then by their ids."""
    pairs: dict[int, int] = {}
    same: tuple[Callable[[_Said], str], ...] = (str, lambda said: said.when, lambda said: said.id)
    for key in same:
        waiting: dict[str, list[int]] = {}
        for number, said in was.items():
            if number not in pairs.values() and key(said):
                waiting.setdefault(key(said), []).append(number)
        for number, said in now.items():
            if number not in pairs and waiting.get(key(said)):
                pairs[number] = waiting[key(said)].pop(0)
    return pairs
