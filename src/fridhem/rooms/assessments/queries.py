"""What can be known of instruments and of assessments. Everyone who works here reads the one; the other go with their cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.models import User
from fridhem.pure.instruments.definition import Definition, Level
from fridhem.pure.instruments.reading import read_instrument
from fridhem.pure.instruments.workbook import read_workbook
from fridhem.rooms.assessments import catalogue, permissions
from fridhem.rooms.assessments.enums import Outcome, Status
from fridhem.rooms.assessments.models import Assessment, Version
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.slots import Chapter, Entry, Panel, Reader, row_of
from fridhem.rooms.persons import queries as persons

SOON = timedelta(days=14)

# ── Instruments ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Instrument:
    """An instrument in one version."""

    definition: Definition
    number: int

    @property
    def name(self) -> str:
        """What it's called in the reader's language."""
        return self.definition.name.in_(_language())


def instrument(key: str, number: int) -> Instrument:
    """An instrument in one version, shipped or published. Raises KeyError when there is none."""
    found = catalogue.shipped().get((key, number))
    return Instrument(found if found else _published(key, number), number)


def newest(key: str, *, on: date) -> Instrument:
    """The version that is used on that day. Raises KeyError."""
    return instrument(key, _newest_numbers(on)[key])


def in_force(*, on: date) -> list[Instrument]:
    """Every instrument in the version that is used on that day."""
    return [instrument(key, number) for key, number in sorted(_newest_numbers(on).items())]


def usable(key: str, number: int, *, on: date) -> Instrument:
    """That version if it's used on that day, or was the day before: what was begun may be finished. Raises KeyError."""
    if number not in {_newest_numbers(day).get(key) for day in (on, on - timedelta(days=1))}:
        raise KeyError(key, number)
    return instrument(key, number)


def _newest_numbers(on: date) -> dict[str, int]:
    published = Version.objects.filter(status=Status.PUBLISHED, valid_from__lte=on).order_by()
    newest = {key: max(shipped_numbers(key)) for key, _number in catalogue.shipped()}
    for key, number in published.values("key").annotate(newest=Max("number")).values_list("key", "newest"):
        newest[key] = max(number, newest.get(key, 0))
    return newest


def _published(key: str, number: int) -> Definition:
    id = Version.objects.filter(key=key, number=number, status=Status.PUBLISHED).values_list("pk", flat=True).first()
    if id is None:
        raise KeyError(key, number)
    return _read(id)


@lru_cache(maxsize=256)
def _read(id: UUID) -> Definition:
    """A published version never changes, so it's read once."""
    return of(Version.objects.get(pk=id))


def of(version: Version) -> Definition:
    """The definition of an uploaded version, whatever its status."""
    return read_instrument(read_workbook(bytes(version.file)))


def instruments_visible_to(user: User) -> QuerySet[Version]:
    """What is published is for everyone who works here; drafts and proposals are for those who own and publish them."""
    found = Version.objects.select_related("uploaded_by", "proposed_by", "published_by")
    if permissions.publishes(user):
        return found
    return found.filter(status=Status.PUBLISHED) if permissions.may_read(user) else found.none()


def versions(key: str, *, user: User) -> QuerySet[Version]:
    """The uploaded versions of an instrument, newest first."""
    return instruments_visible_to(user).filter(key=key).defer("file")


def unpublished(user: User) -> QuerySet[Version]:
    """Drafts and proposals, newest first."""
    return instruments_visible_to(user).exclude(status=Status.PUBLISHED).defer("file").order_by("-uploaded_at")


def shipped_numbers(key: str) -> list[int]:
    """The versions of an instrument that ship with the house, newest first."""
    return sorted((number for known, number in catalogue.shipped() if known == key), reverse=True)


def highest(key: str) -> int:
    """The highest number that any version of the instrument has; 0 when there's none."""
    uploaded = Version.objects.filter(key=key).aggregate(highest=Max("number"))["highest"]
    return max([uploaded or 0, *shipped_numbers(key)])


def same_as(key: str, file: bytes) -> int | None:
    """The number of the version with exactly this file, if there is one."""
    return Version.objects.filter(key=key, file=file).values_list("number", flat=True).first()


# ── Assessments ───────────────────────────────────────────────────────────


def visible_to(user: User) -> QuerySet[Assessment]:
    """The assessments in the cases that the user knows of."""
    return _in(casework.visible_to(user))


def _in(cases: QuerySet[Any]) -> QuerySet[Assessment]:
    return Assessment.objects.filter(case__in=cases).select_related("case", "person", "made_by").defer("case__state")


def of_case(case: UUID, user: User) -> QuerySet[Assessment]:
    """Those of one case, newest first."""
    return visible_to(user).filter(case=case)


def history(assessment: Assessment, user: User) -> QuerySet[Assessment]:
    """Those of the same person by the same instrument, in every case that the user knows of, newest first."""
    same = visible_to(user).filter(instrument=assessment.instrument)
    return same.filter(person=assessment.person_id) if assessment.person_id else same.filter(case=assessment.case_id, person=None)


def _latest(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The newest of each person, by instrument and case."""
    newest = found.order_by("case_id", "person_id", "instrument", "-made_at").distinct("case_id", "person_id", "instrument")
    return found.filter(pk__in=newest.values("pk"))


def dangers(user: User) -> QuerySet[Assessment]:
    """Where the last result in an open case says danger, newest first."""
    return _dangerous(_open(user))


def reviews(user: User, *, until: date) -> QuerySet[Assessment]:
    """What is to be assessed again in open cases by that day, what is most late first."""
    return _due(_open(user), until).order_by("review_on", "id")


def mine(found: QuerySet[Assessment], user: User) -> QuerySet[Assessment]:
    """Of these, those in the cases that the user works with."""
    return found.filter(case__assignments__user=user)


def waiting(user: User, *, today: date) -> int:
    """How many wait for the user: dangers, and reviews whose day has come."""
    found = _open(user).select_related(None)
    return _due(found, today).values("pk").union(_dangerous(found).values("pk"), all=True).count()


def _open(user: User) -> QuerySet[Assessment]:
    return _in(casework.open_to(user))


def _dangerous(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return _latest(found.filter(outcome=Outcome.DONE)).filter(is_dangerous=True)


def _due(found: QuerySet[Assessment], until: date) -> QuerySet[Assessment]:
    return _latest(found).filter(review_on__lte=until)


@dataclass(frozen=True)
class Line:
    """An assessment as a list shows it. `score` is opened for those who ask for it only; `change` since the one before."""

    row: Assessment
    name: str
    level: str
    advice: str
    person: persons.Shown | None
    score: str = ""
    change: str = ""


def lines(found: Iterable[Assessment]) -> list[Line]:
    """Assessments with their words. As many queries, however many there are of the same instruments."""
    rows = list(found)
    persons.make_ready(row.person for row in rows)
    return [_line(row) for row in rows]


def scored(found: Iterable[Assessment]) -> list[Line]:
    """A history with its scores, and what changed since the one before; only within a version can scores be compared."""
    rows, told, before = list(found), list[Line](), dict[int, Decimal]()
    persons.make_ready(row.person for row in rows)
    for row in reversed(rows):
        score = Decimal(row.score) if row.score is not None else None
        change = score - before[row.version] if score is not None and row.version in before else None
        if score is not None:
            before[row.version] = score
        told.append(_line(row, score=_figure(score), change=_figure(change, sign=True)))
    return told[::-1]


def _line(row: Assessment, *, score: str = "", change: str = "") -> Line:
    known = instrument(row.instrument, row.version)
    level = level_of(row)
    words, advice = (level.words.in_(_language()), level.advice.in_(_language())) if level else ("", "")
    return Line(row, known.name, words, advice, persons.shown(row.person), score, change)


def level_of(row: Assessment) -> Level | None:
    """What its result means."""
    return instrument(row.instrument, row.version).definition.level(row.level)


def _figure(number: Decimal | None, *, sign: bool = False) -> str:
    """As Swedish writes it."""
    if number is None:
        return ""
    plain = f"{number:+f}" if sign and number else f"{number:f}"
    return plain.replace(".", ",").replace("-", "\u2212")


@dataclass(frozen=True)
class Said:
    """A question as it was answered, in words."""

    group: str
    question: str
    answer: str


def answers(row: Assessment) -> list[Said]:
    """What was answered, in the order of the form; opened."""
    definition, language, given = instrument(row.instrument, row.version).definition, _language(), row.answers or {}
    return [
        Said(question.group.in_(language), question.words.in_(language), question.words_of(given[question.name], language))
        for question in definition.questions
        if question.name in given
    ]


def people(case: Any, user: User) -> list[tuple[str, str]]:
    """Whom an assessment in the case may be about, as (id, words), the one it's about first."""
    return [(str(one.shown.id), f"{one.shown.name} ({one.role})") for one in casework.members(case, user)]


# ── On the case page ──────────────────────────────────────────────────────


def panel_of_case(case_id: UUID, user: User) -> Panel:
    """The last results in a case, for those who work with it."""
    shown = lines(_latest(of_case(case_id, user)))
    number = casework.visible_to(user).filter(pk=case_id).values_list("number", flat=True).first()
    url = reverse("assessments:of-case", args=[number]) if number and permissions.assesses(user) else ""
    return Panel(_("Assessments"), "assessments/_case_panel.html", {"lines": shown, "url": url})


def danger_of_case(case_id: UUID, user: User) -> Panel | None:
    """That the last result in a case says danger."""
    found = lines(dangers(user).filter(case=case_id))
    if not found:
        return None
    may_open = permissions.assesses(user)
    return Panel(
        _("Someone may be in danger"), "assessments/_danger.html", {"lines": found, "may_open": may_open}, is_urgent=True
    )


# ── In the whole file of a case ───────────────────────────────────────────


def chapters_of_case(case_id: UUID, user: User, reader: Reader) -> list[Chapter]:
    """The assessments of a case with every question and answer, oldest first."""
    found = lines(of_case(case_id, user).order_by("made_at", "id"))
    return [Chapter(_("Assessments"), [_entry(one) for one in found])]


def _entry(line: Line) -> Entry:
    row = line.row
    facts = [
        (_("Whom it is about"), line.person.name if line.person else ""),
        (_("Day"), date_format(row.happened_on, "j F Y")),
        (_("Made by"), row.made_by.name),
        (_("What came of it"), row.get_outcome_display()),
        (_("Level"), line.level),
        (_("What the level says"), line.advice),
        (_("Points"), _figure(Decimal(row.score)) if row.score is not None else ""),
        (_("To be made again"), date_format(row.review_on, "j F Y") if row.review_on else ""),
        *((said.question, said.answer) for said in answers(row)),
    ]
    return Entry(line.name, [fact for fact in facts if fact[1]], row.words or "", [row_of(row, ())])


def _language() -> str:
    return get_language() or "sv"
