"""What follows from what: which answers a step needs, and what must be in place before it can be done."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fridhem.foundation.processes.definition import Definition
from fridhem.pure.deadlines.clock import Clock
from fridhem.pure.deadlines.limits import Extension, Limit
from fridhem.pure.delegation.order import Kind
from fridhem.pure.outlines.outline import Outline
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.casework.enums import ADDED, CaseStatus, StepStatus

# Without these easily confused signs a number can be read aloud on the telephone: 0 O 1 I L U.
NUMBER_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 5


class AnswerMissing(NotNow):
    """The step can't be done without an answer to each of its questions."""


class CaseClosed(NotNow):
    """Nothing is done in a case that is closed."""


def check_open(status: str) -> None:
    """Raise `CaseClosed` unless the case is open."""
    if status != CaseStatus.OPEN:
        raise CaseClosed(_("The case is closed. Open a new case if there is something new."))


def check_to_do(status: str) -> None:
    """Raises `NotNow`."""
    if status != StepStatus.OPEN:
        raise NotNow(_("The step is done, or no longer needed."))


def check_period(first_day: date, last_day: date, *, today: date) -> None:
    """Nobody is away, or decides for another, before today. Raises `NotNow`."""
    if last_day < max(first_day, today):
        raise NotNow(_("The last day is before the first, or has been: write a later day."))


def check_answers(sheet: Sheet | None, answers: Mapping[str, Any]) -> None:
    """Every question of the sheet has one of its answers, and nothing else is answered. Raises `AnswerMissing`.

    A sheet that we don't know has no questions: the step can still be done, so that a case never gets stuck.
    """
    if (sheet.wrong_answers(answers) if sheet else list(answers)) != []:
        raise AnswerMissing(_("Answer every question of the step before you finish it."))


def check_needs(sheet: Sheet | None, answers: Mapping[str, Any], *, running: int) -> None:
    """What the sheet says must be in place: something granted, or nothing running. Raises `NotNow`."""
    asked = {need.what for need in sheet.needs if need.is_asked(answers)} if sheet else set()
    if "running_intervention" in asked and not running:
        raise NotNow(_("Grant at least one intervention with its reason before you finish the decision."))
    if "no_running_intervention" in asked:
        check_nothing_runs(running)


# ── The journal ───────────────────────────────────────────────────────────


def is_draft(signed_at: datetime | None, open_until: date, *, today: date) -> bool:
    """Whether a note can still be changed."""
    return signed_at is None and today <= open_until


def check_is_draft(signed_at: datetime | None, open_until: date, *, today: date) -> None:
    """Raises `NotNow`."""
    if signed_at is not None:
        raise NotNow(_("The note is signed and can't be changed. Write an addition or a correction beside it."))
    if not is_draft(signed_at, open_until, today=today):
        day = date_format(open_until, "j b Y")
        raise NotNow(_("The note could be changed until %(day)s. Write an addition or a correction beside it.") % {"day": day})


def check_is_final(signed_at: datetime | None, open_until: date, *, today: date) -> None:
    """Raises `NotNow`: what its writer can still change isn't added to."""
    if is_draft(signed_at, open_until, today=today):
        raise NotNow(_("The note isn't signed yet: its writer can still change it. Write a note of your own, or ask them."))


def check_is_as_read(revision: int, read: int) -> None:
    """Raises `NotNow`."""
    if revision != read:
        raise NotNow(_("It was changed after you opened the page. Go back, read it as it is now, and try again."))


def check_kind(kind: str, *, added: bool) -> None:
    """What stands beside another note is an addition or a correction, and nothing else is. Raises `NotNow`."""
    if (kind in ADDED) != added:
        raise NotNow(_("Choose what kind of note it is."))


# ── The investigation ─────────────────────────────────────────────────────


def check_heading(code: str, outline: Outline | None) -> None:
    """Raises `NotNow`: what is written under a heading that isn't there any longer stays as it is."""
    if outline is None or code not in {heading.code for heading in outline.headings}:
        raise NotNow(_("The investigation of this case hasn't that heading. Choose another."))


def check_is_written(*, is_written: bool) -> None:
    """Raises `NotNow`."""
    if not is_written:
        raise NotNow(_("There is nothing to sign: write under the heading first."))


def check_all_signed(left: int) -> None:
    """`left`: how many sections that a step waits for aren't signed. Raises `NotNow`."""
    if left:
        raise NotNow(
            ngettext(
                "%(left)d section of the investigation isn't signed. Sign it before you finish the step.",
                "%(left)d sections of the investigation aren't signed. Sign them before you finish the step.",
                left,
            )
            % {"left": left}
        )


# ── Decisions ─────────────────────────────────────────────────────────────


def check_outcome(kind: Kind, outcome: str, *, refused: str, reasons: Collection[str]) -> None:
    """A decision comes to what its kind can; what goes against the person says what was refused and why. Raises `NotNow`."""
    if outcome not in kind.outcomes:
        raise NotNow(_("That decision can't come to this: choose another outcome."))
    if outcome in kind.against and not (refused and reasons):
        raise NotNow(_("Choose what is refused, and at least one reason why."))
    if outcome not in kind.against and (refused or reasons):
        raise NotNow(_("Nothing is refused by this decision: leave out what is refused and why."))


def check_prepared(kind: Kind, prepared: bool) -> None:
    """Raises `NotNow` when the kind asks for someone else's preparation and nobody has prepared it."""
    if kind.prepared_in and not prepared:
        raise NotNow(_("The decision is prepared by someone else first. Choose who has investigated it."))


def check_told(*, told_on: date, decided_on: date, already: date | None, today: date) -> None:
    """She is told once, and not before it's decided. Raises `NotNow`."""
    if already is not None:
        raise NotNow(_("It is written already when she was told."))
    if not decided_on <= told_on <= today:
        raise NotNow(_("Write the day when she was told: the day of the decision or later, and not a day that hasn't come."))


def check_carries_out(kind: Kind, outcome: str, *, refused: str, intervention: str) -> None:
    """An intervention carries out a decision that grants, and isn't what it refused. Raises `NotNow`."""
    if outcome not in kind.grants or refused == intervention:
        raise NotNow(_("That decision doesn't grant the intervention."))


def check_runs(end: date | None) -> None:
    """Raises `NotNow`."""
    if end is not None:
        raise NotNow(_("The intervention has already ended."))


def check_follow_up(day: date | None, *, start: date) -> None:
    """Raises `NotNow`."""
    if day is not None and day < start:
        raise NotNow(_("An intervention is followed up after it has begun: write a later day."))


# ── Linked cases ──────────────────────────────────────────────────────────


def check_are_two(one: UUID, other: UUID) -> None:
    """Raises `NotNow`."""
    if one == other:
        raise NotNow(_("A case isn't linked to itself: write the number of another."))


def check_not_linked(*, is_linked: bool) -> None:
    """Raises `NotNow`."""
    if is_linked:
        raise NotNow(_("The two cases are linked already."))


def check_link_holds(ended_at: datetime | None) -> None:
    """Raises `NotNow`."""
    if ended_at is not None:
        raise NotNow(_("The link has ended already."))


# ── What else must be in place ────────────────────────────────────────────


def check_other_version(old: int, new: int) -> None:
    """Raises `NotNow`."""
    if old == new:
        raise NotNow(_("The cases are on that version already: choose another."))


def check_renames(old: Definition, new: Definition, renames: Mapping[str, str]) -> None:
    """A step becomes a step: of the old version, of the new. Raises `NotNow`."""
    for was, now in renames.items():
        if was not in old.nodes or now not in new.nodes or not (old.nodes[was].is_human and new.nodes[now].is_human):
            raise NotNow(_("Choose for each step that is gone which step of the new version it became."))


def check_nothing_runs(running: int) -> None:
    """Raises `NotNow`."""
    if running:
        raise NotNow(_("End the interventions that are running, with their outcome, before you close the case."))


def check_reasons(reasons: Collection[str]) -> None:
    """An intervention has at least one reason code. Raises `NotNow`."""
    if not reasons:
        raise NotNow(_("Choose at least one reason code: why is the intervention granted?"))


def check_granted_days(*, decided_on: date, start: date, opened_on: date, today: date) -> None:
    """What is decided has been decided, and no day is before the case. Raises `NotNow`."""
    if decided_on > today:
        raise NotNow(_("The day of the decision hasn't come yet: write the day when it was made, today or earlier."))
    if min(decided_on, start) < opened_on:
        day = date_format(opened_on, "j b Y")
        raise NotNow(_("The day is before the case was opened: write %(day)s or a later day.") % {"day": day})


# ── Time limits ───────────────────────────────────────────────────────────


def check_may_be_extended(limit: Limit, clock: Clock) -> None:
    """Raises `NotNow` for a time limit that the law doesn't let anyone extend, and for one that stands still."""
    if limit.extension == Extension.NEVER:
        raise NotNow(_("This time limit can't be extended: %(law)s.") % {"law": limit.law(get_language() or "sv")})
    if clock.is_still:
        raise NotNow(_("The time limit stands still: let it go on before you extend it."))


def check_new_last_day(limit: Limit, clock: Clock, until: date, *, today: date) -> None:
    """An extension is longer than what was, isn't over already, and within what the list of limits admits. Raises `NotNow`."""
    check_may_be_extended(limit, clock)
    assert clock.last_day is not None
    last, latest = max(clock.last_day, today), limit.latest(clock.ordinary)
    if until <= last:
        raise NotNow(_("Write a day after %(day)s.") % {"day": date_format(last, "j b Y")})
    if latest and until > latest:
        raise NotNow(_("It can be extended to %(day)s at the latest.") % {"day": date_format(latest, "j b Y")})


def check_not_asked(*, is_asked: bool) -> None:
    """Raises `NotNow`."""
    if is_asked:
        raise NotNow(_("An extension is asked for already: it waits for the team leader."))


def check_waits_for_answer(answer: str) -> None:
    """Raises `NotNow`."""
    if answer:
        raise NotNow(_("Someone else has already decided on the extension."))


def check_may_stand_still(limit: Limit, clock: Clock, *, today: date) -> None:
    """Raises `NotNow`."""
    if not limit.may_pause:
        raise NotNow(_("This time limit can't stand still: %(law)s.") % {"law": limit.law(get_language() or "sv")})
    if clock.is_still:
        raise NotNow(_("The time limit stands still already."))
    if clock.last_day is not None and clock.last_day < today:
        raise NotNow(_("The last day has passed: a time limit that is missed can't be stopped."))


def check_stands_still(clock: Clock) -> None:
    """Raises `NotNow`."""
    if not clock.is_still:
        raise NotNow(_("The time limit is running: someone else has let it go on."))


# The process that a case is opened on when nobody says another, and that of one taken over, finished, from the former system.
VINR_ADULT, NO_PROCESS = "vinr_adult", ""


def check_waits_for_opening(opened_at: datetime | None, *, asked_at: datetime, at: datetime, lasts: timedelta) -> None:
    """What was asked for is opened once, and soon. Raises `NotNow`."""
    if opened_at is not None:
        raise NotNow(_("The case has already been opened."))
    if at > asked_at + lasts:
        raise NotNow(_("It was asked for too long ago: ask again."))


def check_waits_for_review(opened_at: datetime | None, reviewed_at: datetime | None) -> None:
    """What was opened is reviewed once. Raises `NotNow`."""
    if opened_at is None:
        raise NotNow(_("The case was never opened."))
    if reviewed_at is not None:
        raise NotNow(_("Someone else has already reviewed it."))
