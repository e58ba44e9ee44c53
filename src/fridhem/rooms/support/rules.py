"""What follows from what: whom an offer is for, who says yes, what can be counted, and when someone answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from fridhem.pure.deadlines.calendar import is_working_day
from fridhem.pure.refusals import NotNow
from fridhem.rooms.support.catalogue import AgeBand
from fridhem.rooms.support.enums import Age, Consent, Documentation, Violence

PROCESS = "support_without_assessment"  # the process of a case that begins with an offer
OLDEST = 120
ONE_DAY = timedelta(days=1)


# ── Offers ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Terms:
    """Whom an offer is for; `age_to=None`: no upper limit. `consent_child` and `consent_youth` are of `Consent`."""

    age_from: int
    age_to: int | None
    consent_child: str
    consent_youth: str

    def takes(self, low: int, high: int | None) -> bool:
        """Whether it's for anyone from the age `low` to `high`."""
        return (high is None or self.age_from <= high) and (self.age_to is None or low <= self.age_to)

    @property
    def ages(self) -> str:
        """Whom it's for, in words."""
        given = {"low": self.age_from, "high": self.age_to}
        if self.age_to is None:
            return _("from %(low)s years") % given if self.age_from else _("all ages")
        return _("%(low)s–%(high)s years") % given if self.age_from else _("up to %(high)s years") % given


def band_of(age: int, bands: Collection[AgeBand]) -> str:
    """Which of the bands an age belongs to."""
    return next(
        band.code
        for band in bands
        if band.age_from is not None and band.age_from <= age and (band.age_to is None or age <= band.age_to)
    )


def consent_of(terms: Terms, band: str) -> str:
    """Who says yes for someone of that band; empty for an adult."""
    return {Age.CHILD: terms.consent_child, Age.YOUTH: terms.consent_youth}.get(Age(band), "")


def needs_guardians(terms: Terms, band: str) -> bool:
    """Whether the guardians must agree."""
    return consent_of(terms, band) == Consent.GUARDIANS


def misfit(terms: Terms, band: AgeBand) -> str:
    """Why someone of that band can't have the offer; empty when they can, or when the age isn't known."""
    if band.age_from is None or terms.takes(band.age_from, band.age_to):
        return ""
    return _("The offer is for %(ages)s. Look for another one, or refer the person.") % {"ages": terms.ages}


def too_old_or_young(terms: Terms, age: int) -> str:
    """Why someone of that age can't have the offer; empty when they can."""
    if terms.takes(age, age):
        return ""
    return _("The offer is for %(ages)s. Look for another one, or refer the person.") % {"ages": terms.ages}


def is_given_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether a row of that period is in force on a day; both days are included."""
    return valid_from <= day and (valid_to is None or day <= valid_to)


def check_is_given(is_given: bool) -> None:
    """Raises `NotNow`."""
    if not is_given:
        raise NotNow(_("The offer isn't given today. Choose another one."))


def check_is_as_seen(digest: str, seen: str) -> None:
    """Nobody writes over what somebody else has written meanwhile. Raises `NotNow`."""
    if digest != seen:
        raise NotNow(_("Somebody else has changed it since you opened the page. See what it says now before you save yours."))


# ── Anonymous contacts ────────────────────────────────────────────────────


def check_can_be_counted(*, is_anonymous: bool, is_given: bool) -> None:
    """Raises `NotNow`."""
    check_is_given(is_given)
    if not is_anonymous:
        raise NotNow(_("The offer isn't given anonymously. Open a case, or choose another offer."))


def check_fits(terms: Terms, band: AgeBand) -> None:
    """Raises `NotNow`."""
    if said := misfit(terms, band):
        raise NotNow(said)


def check_violence(violence: str, forms: Collection[str]) -> None:
    """Forms of violence are told by those who said yes, and by nobody else. Raises `NotNow`."""
    if bool(forms) != (Violence(violence) == Violence.YES):
        raise NotNow(_("Say which violence when the answer is yes, and only then."))


def check_same_day(day: date, today: date) -> None:
    """Raises `NotNow`."""
    if day != today:
        raise NotNow(_("A contact can be taken back on the same day only."))


def check_has_journal(documentation: str) -> None:
    """Raises `NotNow`."""
    if documentation != Documentation.JOURNAL:
        raise NotNow(_("The offer is given without a case. Count the contact instead."))


# ── Who answers ───────────────────────────────────────────────────────────

# From and to; to the same or an earlier time is past midnight. None twice: nobody answers.
Hours = tuple[time | None, time | None]


def is_open(working_day: Hours, other_day: Hours, at: datetime) -> bool:
    """Whether someone answers at a moment of local time; weekends and public holidays have hours of their own."""
    today, yesterday = (working_day if is_working_day(day) else other_day for day in (at.date(), at.date() - ONE_DAY))
    return _opened(today, at.time()) or _still_open(yesterday, at.time())


def _opened(hours: Hours, now: time) -> bool:
    begins, ends = hours
    return begins is not None and ends is not None and begins <= now and (now < ends or ends <= begins)


def _still_open(hours: Hours, now: time) -> bool:
    begins, ends = hours
    return begins is not None and ends is not None and ends <= begins and now < ends


def in_words(hours: Hours) -> str:
    """`8.00–16.30`, around the clock, or closed."""
    begins, ends = hours
    if begins is None or ends is None:
        return _("closed")
    return _("around the clock") if begins == ends else f"{_clock(begins)}–{_clock(ends)}"


def _clock(moment: time) -> str:
    return f"{moment.hour}.{moment:%M}"
