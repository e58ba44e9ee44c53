"""What can be known of core processes and decision tables. Everyone who works here reads them.

A definition never changes once a case runs on it; a table is asked in the version of the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.processes import registry
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.expressions import MissingAnswer
from fridhem.foundation.processes.reading import read_process
from fridhem.foundation.processes.tables import read_table
from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.deadlines.limits import Limit, UnknownLimit
from fridhem.pure.decisions import deciding
from fridhem.pure.decisions.table import Table, Value
from fridhem.pure.outlines import outline as outlines
from fridhem.pure.outlines.outline import Heading, Outline
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes import catalogue, permissions, rules
from fridhem.rooms.processes.catalogue import Numbered
from fridhem.rooms.processes.enums import LANES, Kind, Status
from fridhem.rooms.processes.models import Trial, Version
from fridhem.rooms.processes.rules import TABLE_VERSION
from fridhem.rooms.processes.wording import Words, distinct

ROUTINE = "routine"  # the time limit of a timer that names no other

# ── Definitions, for the rooms that run them ──────────────────────────────


def definition(key: str, number: int) -> Definition:
    """A core process in one version, shipped or published. Raises KeyError when there is none."""
    found = catalogue.shipped().get((key, number))
    return found if found else _published(key, number)


def newest(key: str, *, on: date) -> Definition:
    """The version that new cases begin on that day. Raises KeyError."""
    return definition(key, _newest_numbers(on)[key])


def in_force(*, on: date) -> list[Definition]:
    """Every core process in the version that new cases begin on that day."""
    return [definition(key, number) for key, number in sorted(_newest_numbers(on).items())]


def keys(*, on: date) -> set[str]:
    """Of which processes there is a version that new cases begin on that day."""
    return set(_newest_numbers(on))


def is_for(key: str, age_group: str, *, on: date) -> bool:
    """Whether a case about someone of that age group can begin on the process that day; most are for anyone."""
    return newest(key, on=on).properties.get("age_group", "") in ("", age_group)


def sheet(form: str) -> Sheet | None:
    """What a step of that form asks; None for a form that isn't there any longer."""
    return catalogue.sheets().get(form)


def grounds() -> CodeList:
    """The laws and routines that stand behind the steps, dated."""
    return catalogue.grounds()


def outline(process: str, *, on: date) -> Outline | None:
    """What an investigation in a process is written under, by the day; None where it has no headings."""
    return outlines.find(catalogue.outlines(), process, on=on)


def heading(process: str, code: str) -> Heading | None:
    """What a heading of an investigation in the process is, or was, whatever the day."""
    found = (one for each in catalogue.outlines() if process in each.processes for one in each.headings if one.code == code)
    return next(found, None)


def outlined() -> set[str]:
    """The processes that have headings, on some day."""
    return {process for one in catalogue.outlines() for process in one.processes}


def consulted() -> dict[str, str]:
    """Whom a step can name to be consulted, by code: the functions in the list and the roles."""
    language = get_language() or "sv"
    named = {code.code: catalogue.functions().label_of(code.code, language) for code in catalogue.functions()}
    return {**named, **{role.value: str(role.label) for role in map(Role, roles())}}


def limit(key: str, *, on: date) -> Limit:
    """A time limit as it was on a day. Raises `UnknownLimit`."""
    return catalogue.limits().find(key, on=on)


def limit_law(key: str, language: str = "sv") -> str:
    """The law or routine of a time limit in its last period."""
    return catalogue.limits().newest(key).law(language)


def limit_of(definition: Definition, timer: Node, *, on: date) -> Limit:
    """The law or routine behind the time of a timer, as it was on a day; the municipality's routine when no other was."""
    named = definition.limit_of(timer)
    try:
        return limit(named or ROUTINE, on=on)
    except UnknownLimit:
        return limit(ROUTINE, on=on)


def events() -> dict[str, str]:
    """What can happen to a case that a diagram may have a branch for, by code."""
    language = get_language() or "sv"
    return {code.code: catalogue.events().label_of(code.code, language) for code in catalogue.events()}


def roles() -> Sequence[str]:
    """The roles that processes give work to."""
    return tuple(LANES.values())


def _newest_numbers(on: date) -> dict[str, int]:
    published = Version.objects.filter(kind=Kind.PROCESS, status=Status.PUBLISHED, valid_from__lte=on).order_by()
    shipped = {key: definition.version for key, definition in catalogue.newest().items()}
    return {**shipped, **dict(published.values("key").annotate(newest=Max("number")).values_list("key", "newest"))}


def _published(key: str, number: int) -> Definition:
    found = Version.objects.filter(kind=Kind.PROCESS, key=key, number=number, status=Status.PUBLISHED)
    id = found.values_list("pk", flat=True).first()
    if id is None:
        raise KeyError(key, number)
    return _read(id)


@lru_cache(maxsize=256)
def _read(id: UUID) -> Definition:
    """A published version never changes, so it's read once."""
    return of(Version.objects.get(pk=id))


def of(version: Version) -> Definition:
    """The definition of an uploaded version, whatever its status."""
    read = read_process(version.xml.encode(), roles=LANES, steps=registry.steps())
    return replace(read, version=version.number)


# ── Decision tables ───────────────────────────────────────────────────────


def table(key: str, number: int) -> Numbered:
    """A decision table in one version, shipped or published. Raises KeyError when there is none."""
    if found := catalogue.tables().get((key, number)):
        return found
    published = Version.objects.filter(kind=Kind.TABLE, key=key, number=number, status=Status.PUBLISHED).first()
    if published is None:
        raise KeyError(key, number)
    return table_of(published)


def tables(*, on: date) -> Mapping[str, Numbered]:
    """The decision tables by key, each in the version that decides on that day: the municipality's own before what ships."""
    found = {key: catalogue.tables()[key, number] for key, number in sorted(catalogue.tables())}
    published = Version.objects.filter(kind=Kind.TABLE, status=Status.PUBLISHED, valid_from__lte=on)
    for version in published.order_by("key", "-number").distinct("key"):
        found[version.key] = table_of(version)
    return found


def table_of(version: Version) -> Numbered:
    """The table of an uploaded version, whatever its status."""
    return _read_table(version.xml, version.number)


@lru_cache(maxsize=256)
def _read_table(xml: str, number: int) -> Numbered:
    return Numbered(read_table(xml.encode())[0], number, xml.encode())


def decide(key: str, answers: Mapping[str, object], *, on: date) -> Mapping[str, Value]:
    """What a decision table answers by the version of that day, by the names of its outputs, and which it was.

    Raises `NotNow` for an answer that's missing or unknown.
    """
    asked = tables(on=on)[key]
    try:
        return {**deciding.decide(asked.table, answers), TABLE_VERSION: asked.number}
    except deciding.MissingValue as missing:
        raise MissingAnswer(
            _("The decision table “%(table)s” needs an answer to “%(name)s”.") % {"table": asked.table.name, "name": missing.name}
        ) from None
    except deciding.WrongValue as wrong:
        raise NotNow(
            _("The decision table “%(table)s” doesn't know the answer to “%(name)s”.")
            % {"table": asked.table.name, "name": wrong.name}
        ) from None


def table_version(answers: Mapping[str, Any]) -> int | None:
    """Which version of a table gave the answers; None for those of a time when it wasn't kept."""
    return answers.get(TABLE_VERSION)


def users(key: str) -> list[Definition]:
    """Every process that asks the table, in every version that a case can be on."""
    published = Version.objects.filter(kind=Kind.PROCESS, status=Status.PUBLISHED).order_by("key", "number")
    found = [*catalogue.shipped().values(), *(_read(id) for id in published.values_list("pk", flat=True))]
    return [definition for definition in found if key in definition.decisions]


def turning_days(*, since: date) -> list[date]:
    """That day, and the days after it on which a published table begins to decide."""
    later = Version.objects.filter(kind=Kind.TABLE, status=Status.PUBLISHED, valid_from__gt=since).order_by("valid_from")
    return [since, *(day for day in later.values_list("valid_from", flat=True).distinct() if day)]


def words(*found: Table, on: date) -> Words:
    """What the codes of tables are called: what is asked as the sheets say it, what is answered as the arrows that wait."""
    language = get_language() or "sv"
    used, names = {each.key for each in found}, {column.name for each in found for column in each.inputs}
    said = {
        at: words
        for definition in in_force(on=on)
        if used & definition.decisions
        for each in found
        for at, words in rules.said_by_arrows(definition, each.outputs)
    }
    for sheet in catalogue.sheets().values():
        for question in sheet.questions:
            if question.name in names:
                said |= {(question.name, answer.code): answer.words.in_(language) for answer in question.answers}
    return distinct(said)


# ── Versions, for those who own them ──────────────────────────────────────


def visible_to(user: User) -> QuerySet[Version]:
    """What is published is for everyone who works here; drafts and proposals are for those who own and publish them."""
    found = Version.objects.select_related("uploaded_by", "proposed_by", "published_by")
    if permissions.publishes(user):
        return found
    return found.filter(status=Status.PUBLISHED) if permissions.may_read(user) else found.none()


def version(key: str, number: int, *, user: User, kind: Kind = Kind.PROCESS) -> Version | None:
    """One uploaded version, if the user may see it."""
    return visible_to(user).filter(kind=kind, key=key, number=number).first()


def versions(key: str, *, user: User, kind: Kind = Kind.PROCESS) -> QuerySet[Version]:
    """The uploaded versions of a process or a table, newest first."""
    return visible_to(user).filter(kind=kind, key=key).defer("xml")


def on_the_way(user: User, *, on: date, kind: Kind = Kind.PROCESS) -> QuerySet[Version]:
    """Drafts, proposals, and what is published for a later day, newest first."""
    found = visible_to(user).filter(kind=kind).defer("xml").order_by("-uploaded_at")
    return found.filter(~Q(status=Status.PUBLISHED) | Q(valid_from__gt=on))


def published(key: str, *, kind: Kind) -> list[tuple[int, date]]:
    """The published versions of a process or a table: number and first day."""
    found = Version.objects.filter(kind=kind, key=key, status=Status.PUBLISHED).order_by("number")
    return [(number, day) for number, day in found.values_list("number", "valid_from") if day]


def shipped_numbers(key: str, *, kind: Kind = Kind.PROCESS) -> list[int]:
    """The versions of a process or a table that ship with the house, newest first."""
    shipped: Iterable[tuple[str, int]] = catalogue.tables() if kind == Kind.TABLE else catalogue.shipped()
    return sorted((number for known, number in shipped if known == key), reverse=True)


def highest(key: str, *, kind: Kind = Kind.PROCESS) -> int:
    """The highest number that any version of the process or table has; 0 when there's none."""
    uploaded = Version.objects.filter(kind=kind, key=key).aggregate(highest=Max("number"))["highest"]
    return max([uploaded or 0, *shipped_numbers(key, kind=kind)])


def before(version: Version) -> Definition | None:
    """The version of a process that it takes the place of: the one that new cases begin on otherwise, on its first day."""
    number = _number_before(version)
    return definition(version.key, number) if number else None


def table_before(version: Version) -> Numbered | None:
    """The version of a table that it takes the place of: the one that decides otherwise, on its first day."""
    number = _number_before(version)
    return table(version.key, number) if number else None


def _number_before(version: Version) -> int:
    """A draft has no day yet: it comes after all that is published."""
    kind, last = Kind(version.kind), version.valid_from or date.max
    own = [number for number, day in published(version.key, kind=kind) if day <= last]
    shipped = shipped_numbers(version.key, kind=kind)
    if version.status == Status.PUBLISHED:
        own, shipped = ([number for number in numbers if number < version.number] for numbers in (own, shipped))
    return max(own or shipped, default=0)


def same_as(key: str, xml: str, *, kind: Kind = Kind.PROCESS) -> int | None:
    """The number of the version with exactly this file, if there is one."""
    found: Mapping[tuple[str, int], Definition | Numbered] = catalogue.tables() if kind == Kind.TABLE else catalogue.shipped()
    shipped = (n for (k, n), known in found.items() if k == key and known.xml == xml.encode())
    uploaded = Version.objects.filter(kind=kind, key=key, xml=xml).values_list("number", flat=True).first()
    return next(shipped, uploaded)


def trial(version: Version, user: User) -> Trial | None:
    """The user's own try of a version."""
    return Trial.objects.filter(version=version, user=user).first()
