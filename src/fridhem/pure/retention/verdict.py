"""What is to be done with a matter on a day, and why.

What keeps is stronger than what disposes: a legal hold first, then what goes on, then what is kept for ever, then the longest
time. A time in years ends as the law on counting time says (lag 1930:173, 1 §): on the day with the same number, or the last of
the month where there's none; the matter may be disposed of from the day after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from fridhem.pure.deadlines.span import Span
from fridhem.pure.retention.rule import Effect, Finish, Kind, Rule, When, in_force

CIRCUMSTANCES = frozenset({When.PATERNITY, When.ADOPTION, When.CHILD_PLACED})


@dataclass(frozen=True, slots=True)
class Matter:
    """The plain facts of a matter, without anything that tells who it is about but the day of birth.

    `last_note_on`, `closed_on` (None while it goes on) and `file_*` are days: a person's matters are one file, so the file's
    last note is the latest in any of them. `circumstances`: of `CIRCUMSTANCES`. `born_on`: None when it isn't known.
    `municipality`: its code in four digits, empty when nobody has said.
    """

    kind: Kind
    last_note_on: date
    closed_on: date | None = None
    is_about_child: bool = False
    circumstances: frozenset[When] = field(default_factory=frozenset)
    born_on: date | None = None
    municipality: str = ""
    is_held: bool = False
    file_last_note_on: date | None = None
    file_is_open: bool = False


class Outcome(StrEnum):
    """What is to be done with a matter."""

    HOLD = "hold"
    ONGOING = "ongoing"
    FOR_EVER = "for_ever"
    UNTIL = "until"
    DISPOSE = "dispose"


class Reason(StrEnum):
    """Why, when it isn't a rule that says it."""

    LEGAL_HOLD = "legal_hold"
    GOES_ON = "goes_on"
    FILE_GOES_ON = "file_goes_on"
    NO_RULE = "no_rule"
    NO_MUNICIPALITY = "no_municipality"
    UNREADABLE = "unreadable"  # who it's about is sealed and can't be opened
    FOLLOW_UP = "follow_up"  # a later matter in the same file moved the time


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done. `kept_to` is the last day it must be kept, `gone_by` the last day it may still be there.

    Both are None where no day is known: on hold, while it goes on, for ever.
    """

    outcome: Outcome
    rules: tuple[Rule, ...] = ()
    reasons: tuple[Reason, ...] = ()
    kept_to: date | None = None
    gone_by: date | None = None

    @property
    def due_from(self) -> date | None:
        """The first day that it may be disposed of."""
        if self.kept_to is None or self.gone_by is None:
            return None
        return min(self.kept_to + timedelta(days=1), self.gone_by)


def judge(matter: Matter, *, rules: Sequence[Rule], on: date) -> Verdict:
    """The verdict on `matter` by the rules that are in force on the day `on`."""
    known = in_force(rules, kind=matter.kind, on=on)
    fitting = [rule for rule in known if _fits(rule, matter)]
    stop = _stop(matter, known)
    if stop:
        return stop
    for_ever = tuple(rule for rule in fitting if rule.effect == Effect.KEEP and not rule.years)
    if for_ever:
        return Verdict(Outcome.FOR_EVER, for_ever)
    disposing = [rule for rule in fitting if rule.effect == Effect.DISPOSE]
    if not disposing:
        return Verdict(Outcome.HOLD, reasons=(Reason.NO_RULE,))
    return _timed(matter, disposing, [rule for rule in fitting if rule.effect == Effect.KEEP], on)


def _stop(matter: Matter, known: Sequence[Rule]) -> Verdict | None:
    """What must be kept whatever the rules say of time."""
    if matter.is_held:
        return Verdict(Outcome.HOLD, reasons=(Reason.LEGAL_HOLD,))
    if matter.kind in (Kind.CASE, Kind.CONCERN, Kind.WHISTLE):
        if matter.closed_on is None:
            return Verdict(Outcome.ONGOING, reasons=(Reason.GOES_ON,))
        if matter.file_is_open:
            return Verdict(Outcome.ONGOING, reasons=(Reason.FILE_GOES_ON,))
        if not matter.municipality and any(rule.when == When.IN_PLACE for rule in known):
            return Verdict(Outcome.HOLD, reasons=(Reason.NO_MUNICIPALITY,))
    return None


def _fits(rule: Rule, matter: Matter) -> bool:
    """Whether the rule is about this matter."""
    match rule.when:
        case When.ALWAYS:
            return True
        case When.CHILD:
            return matter.is_about_child
        case When.BORN_ON_DAY:
            return matter.born_on is not None and str(matter.born_on.day) in rule.value
        case When.IN_PLACE:
            return matter.municipality.startswith(rule.value)
    return rule.when in matter.circumstances


def _timed(matter: Matter, disposing: Sequence[Rule], keeping: Sequence[Rule], on: date) -> Verdict:
    """The verdict when only time decides: the longest of the times, then gone by that rule's end."""
    ends = {rule: _end(rule, matter) for rule in (*disposing, *keeping)}
    kept_to = max(ends.values())
    deciding = tuple(rule for rule, end in ends.items() if end == kept_to or rule.effect == Effect.DISPOSE)
    finish = Finish.AT_ONCE if all(rule.finish == Finish.AT_ONCE for rule in deciding) else Finish.CALENDAR_YEAR_AFTER
    gone_by = kept_to if finish == Finish.AT_ONCE else date(kept_to.year + 1, 12, 31)
    later = matter.file_last_note_on is not None and matter.file_last_note_on > matter.last_note_on
    found = Verdict(Outcome.UNTIL, deciding, (Reason.FOLLOW_UP,) if later else (), kept_to, gone_by)
    assert found.due_from is not None, "both days are set"
    return found if on < found.due_from else Verdict(Outcome.DISPOSE, found.rules, found.reasons, kept_to, gone_by)


def _end(rule: Rule, matter: Matter) -> date:
    """The last day of the rule's time."""
    last_note = max(matter.last_note_on, matter.file_last_note_on or matter.last_note_on)
    match rule.counted_from:
        case "birth":
            begins = matter.born_on or last_note  # nobody was born later than the last that was written about them
        case "closed":
            assert matter.closed_on is not None, "what goes on was stopped before"
            begins = matter.closed_on
        case _:
            begins = last_note
    return Span(months=12 * rule.years).after(begins)
