"""The rules as dated data: what is kept or disposed of, by which law, from when to when.

An *unverified* rule was read about but not seen in the text of the law. It may keep something longer; it can never be the reason
to destroy anything, because what is destroyed can't be got back.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a rule is about."""

    CASE = "case"
    CONCERN = "concern"  # one that didn't become a case; otherwise it belongs to the case
    WHISTLE = "whistle"
    STATISTICS = "statistics"
    COUNCIL_DOCUMENT = "council_document"


class Effect(StrEnum):
    """`keep` without years is for ever; with years it's at least so long."""

    KEEP = "keep"
    DISPOSE = "dispose"


class When(StrEnum):
    """Which matters of its kinds a rule is about; `value` says more for the last two."""

    ALWAYS = ""
    PATERNITY = "paternity"
    ADOPTION = "adoption"
    CHILD_PLACED = "child_placed"
    CHILD = "child"
    BORN_ON_DAY = "born_on_day"  # days of the month
    IN_PLACE = "in_place"  # the first digits of municipality codes (county), or whole ones


class Finish(StrEnum):
    """When what may be disposed of must be gone."""

    NONE = ""
    CALENDAR_YEAR_AFTER = "calendar_year_after"  # by the end of the year after the one in which the time was over
    AT_ONCE = "at_once"  # the last day of the time itself


class Status(StrEnum):
    """How sure we are: `section` is a rule whose section number wasn't seen, `local` rests on the municipality's own plan."""

    VERIFIED = "verified"
    SECTION = "section"
    LOCAL = "local"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule during one period; both days are included, `valid_to=None` means until further notice. `years` 0 is for ever."""

    key: str
    effect: Effect
    kinds: frozenset[Kind]
    when: When
    value: tuple[str, ...]
    years: int
    counted_from: str  # last_note, closed or birth; empty for what is kept for ever
    finish: Finish
    law: str
    valid_from: date
    valid_to: date | None
    status: Status
    label_sv: str
    label_en: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the rule was in force."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def label(self, language: str) -> str:
        """The rule in a sentence without full stop, in Swedish or English."""
        return self.label_en if language.startswith("en") else self.label_sv


class BadRules(ValueError):
    """The table can't be used; the message says why, row by row."""


COUNTED_FROM = ("last_note", "closed", "birth")


def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules in a CSV `text` with the fields of `Rule` as columns. Raises `BadRules` with every fault."""
    rules, problems = [], []
    for row in (reader := csv.DictReader(text.splitlines())):
        try:
            rules.append(_rule(row))
        except (ValueError, KeyError, AttributeError) as fault:
            problems.append(f"row {reader.line_num}: {fault}")
    problems += _overlaps(rules)
    if problems or not rules:
        raise BadRules("; ".join(problems) or "the table is empty")
    return tuple(rules)


def in_force(rules: Sequence[Rule], *, kind: Kind, on: date) -> list[Rule]:
    """The rules for a kind of matter on a day."""
    return [rule for rule in rules if kind in rule.kinds and rule.is_valid_on(on)]


def _rule(row: dict[str, str]) -> Rule:
    rule = Rule(
        key=row["key"],
        effect=Effect(row["effect"]),
        kinds=frozenset(map(Kind, row["kinds"].split())),
        when=When(row["when"]),
        value=tuple(row["value"].split()),
        years=int(row["years"] or 0),
        counted_from=row["counted_from"],
        finish=Finish(row["finish"]),
        law=row["law"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        status=Status(row["status"]),
        label_sv=row["label_sv"],
        label_en=row["label_en"],
    )
    _check(rule)
    return rule


def _check(rule: Rule) -> None:
    if bool(rule.years) != (rule.counted_from in COUNTED_FROM):
        raise ValueError("a number of years needs a day that it is counted from, and the other way round")
    if rule.effect == Effect.DISPOSE and not (rule.years and rule.finish):
        raise ValueError("what is disposed of has a number of years and an end")
    if rule.effect == Effect.DISPOSE and rule.status == Status.UNVERIFIED:
        raise ValueError("an unverified rule can only keep")
    if not (rule.key and rule.kinds and rule.law and rule.label_sv and rule.label_en):
        raise ValueError("key, kinds, law and both labels are needed")


def _overlaps(rules: Sequence[Rule]) -> list[str]:
    return [
        f"{first.key} has two rules in force on {second.valid_from}"
        for place, first in enumerate(rules)
        for second in rules[place + 1 :]
        if first.key == second.key and (first.is_valid_on(second.valid_from) or second.is_valid_on(first.valid_from))
    ]
