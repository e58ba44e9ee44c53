"""Which readings are asked about: drawn by chance, the unusual more often. How many and how much more is dated data."""

import json
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.pure.refusals import NotNow
from fridhem.rooms.oversight.enums import Flag, Outcome

SAMPLING = Path(__file__).with_name("sampling.json")
BREACH_HOURS = timedelta(hours=72)  # to report to the supervisory authority: GDPR article 33
# What is a reading of someone's data, and so may be asked about.
READINGS = (
    "casework.case.read", "casework.step.read", "casework.document.read", "casework.document.taken_out", "intake.concern.read",
    "persons.person.looked_up", "persons.persons.searched", "persons.person.revealed", "persons.detail.revealed",
)  # fmt: skip
OF_PROTECTED = "persons.detail.revealed"


@dataclass(frozen=True)
class Sampling:
    """How a week's sample is drawn: how many lines, which hours are night, from how many a day is many, what each flag adds."""

    since: date
    lines: int
    night: tuple[int, int]
    many: int
    weights: Mapping[str, float]

    def is_night(self, at: datetime) -> bool:
        """Whether it was night where the municipality is."""
        begins, ends = self.night
        hour = timezone.localtime(at).hour
        return hour >= begins or hour < ends


@dataclass(frozen=True)
class Reading:
    """A line that may be drawn."""

    entry: UUID
    at: datetime
    verb: str
    actor: UUID
    outside: bool  # whoever read doesn't work with the case


def sampling(on: date) -> Sampling:
    """The rules in force that day. Raises LookupError before the first."""
    held = [
        Sampling(date.fromisoformat(one["from"]), one["lines"], tuple(one["night"]), one["many"], one["weights"])
        for one in json.loads(SAMPLING.read_text(encoding="utf-8"))
    ]
    valid = [one for one in held if one.since <= on]
    if not valid:
        raise LookupError(f"No rules of sampling are in force on {on}.")
    return max(valid, key=lambda one: one.since)


def flagged(readings: Sequence[Reading], rules: Sampling) -> dict[Reading, list[Flag]]:
    """What is unusual about each reading."""
    a_day = Counter((one.actor, timezone.localdate(one.at)) for one in readings)
    return {one: list(_flags(one, rules, a_day[one.actor, timezone.localdate(one.at)])) for one in readings}


def _flags(one: Reading, rules: Sampling, that_day: int) -> Iterable[Flag]:
    if one.outside:
        yield Flag.OUTSIDE
    if rules.is_night(one.at):
        yield Flag.NIGHT
    if one.verb == OF_PROTECTED:
        yield Flag.PROTECTED
    if that_day > rules.many:
        yield Flag.MANY


def draw(readings: Sequence[Reading], rules: Sampling, *, seed: int) -> list[tuple[Reading, list[Flag]]]:
    """The week's sample, without replacement: each reading weighs 1 and what its flags add. The same seed draws the same.

    Efraimidis and Spirakis (2006): a reading's key is a random number to the power of 1 by its weight; the largest are drawn.
    """
    chance = random.Random(seed)  # noqa: S311  to be drawn again by whoever checks, not to be secret
    ordered = sorted(flagged(readings, rules).items(), key=lambda pair: pair[0].entry)
    keyed = [(chance.random() ** (1 / _weight(flags, rules)), one, flags) for one, flags in ordered]
    drawn = sorted(keyed, key=lambda each: each[0], reverse=True)[: rules.lines]
    return [(one, flags) for _key, one, flags in drawn]


def _weight(flags: Collection[Flag], rules: Sampling) -> float:
    return 1 + sum(rules.weights.get(flag.value, 0) for flag in flags)


def breach_due(decided_at: datetime, outcome: str) -> datetime | None:
    """When a breach must have been reported at the latest; None for what is none."""
    return decided_at + BREACH_HOURS if outcome == Outcome.BREACH else None


def check_unanswered(answer: str) -> None:
    """A question is answered once. Raises `NotNow`."""
    if answer:
        raise NotNow(_("You have answered this question. Talk to the one who asked if something should be added."))


def check_undecided(outcome: str) -> None:
    """A question is decided once. Raises `NotNow`."""
    if outcome:
        raise NotNow(_("Someone has decided this already."))
