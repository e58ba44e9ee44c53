"""What can be known of core processes. Everyone who works here reads them; a definition never changes once a case runs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.processes import registry
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.expressions import MissingAnswer
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.deadlines.limits import Limit, UnknownLimit
from fridhem.pure.decisions import deciding
from fridhem.pure.decisions.table import Table, Value
from fridhem.pure.outlines import outline as outlines
from fridhem.pure.outlines.outline import Outline
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes import catalogue, permissions
from fridhem.rooms.processes.enums import LANES, Status
from fridhem.rooms.processes.models import Trial, Version

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


def sheet(form: str) -> Sheet | None:
    """What a step of that form asks; None for a form that isn't there any longer."""
    return catalogue.sheets().get(form)


def tables() -> Mapping[str, Table]:
    """The decision tables by key."""
    return catalogue.tables()


def decide(key: str, answers: Mapping[str, object]) -> Mapping[str, Value]:
    """What a decision table answers, by the names of its outputs. Raises `NotNow` for an answer that's missing or unknown."""
    table = tables()[key]
    try:
        return deciding.decide(table, answers)
    except deciding.MissingValue as missing:
        raise MissingAnswer(
            _("The decision table “%(table)s” needs an answer to “%(name)s”.") % {"table": table.name, "name": missing.name}
        ) from None
    except deciding.WrongValue as wrong:
        raise NotNow(
            _("The decision table “%(table)s” doesn't know the answer to “%(name)s”.") % {"table": table.name, "name": wrong.name}
        ) from None


def grounds() -> CodeList:
    """The laws and routines that stand behind the steps, dated."""
    return catalogue.grounds()


def outline(process: str, *, on: date) -> Outline | None:
    """What an investigation in a process is written under, by the day; None where it has no headings."""
    return outlines.find(catalogue.outlines(), process, on=on)


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


def roles() -> Sequence[str]:
    """The roles that processes give work to."""
    return tuple(LANES.values())


def _newest_numbers(on: date) -> dict[str, int]:
    published = Version.objects.filter(status=Status.PUBLISHED, valid_from__lte=on).order_by()
    newest = {key: max(n for k, n in catalogue.shipped() if k == key) for key, _number in catalogue.shipped()}
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
    read = read_process(version.xml.encode(), roles=LANES, steps=registry.steps())
    return replace(read, version=version.number)


# ── Versions, for those who own them ──────────────────────────────────────


def visible_to(user: User) -> QuerySet[Version]:
    """What is published is for everyone who works here; drafts and proposals are for those who own and publish them."""
    found = Version.objects.select_related("uploaded_by", "proposed_by", "published_by")
    if permissions.publishes(user):
        return found
    return found.filter(status=Status.PUBLISHED) if permissions.may_read(user) else found.none()


def versions(key: str, *, user: User) -> QuerySet[Version]:
    """The uploaded versions of a process, newest first."""
    return visible_to(user).filter(key=key).defer("xml")


def unpublished(user: User) -> QuerySet[Version]:
    """Drafts and proposals, newest first."""
    return visible_to(user).exclude(status=Status.PUBLISHED).defer("xml").order_by("-uploaded_at")


def waiting_for(user: User) -> QuerySet[Version]:
    """The proposals that the user may publish."""
    return unpublished(user).filter(status=Status.PROPOSED).exclude(proposed_by=user)


def shipped_numbers(key: str) -> list[int]:
    """The versions of a process that ship with the house, newest first."""
    return sorted((number for known, number in catalogue.shipped() if known == key), reverse=True)


def highest(key: str) -> int:
    """The highest number that any version of the process has; 0 when there's none."""
    uploaded = Version.objects.filter(key=key).aggregate(highest=Max("number"))["highest"]
    return max([uploaded or 0, *shipped_numbers(key)])


def before(version: Version) -> Definition | None:
    """The version that it would take the place of: the newest published or shipped with a lower number."""
    published = Version.objects.filter(key=version.key, status=Status.PUBLISHED, number__lt=version.number)
    numbers = [*published.values_list("number", flat=True), *(n for n in shipped_numbers(version.key) if n < version.number)]
    return definition(version.key, max(numbers)) if numbers else None


def same_as(key: str, xml: bytes) -> int | None:
    """The number of the version with exactly this file, if there is one."""
    shipped = (n for (k, n), known in catalogue.shipped().items() if k == key and known.xml == xml)
    uploaded = Version.objects.filter(key=key, xml=xml.decode()).values_list("number", flat=True).first()
    return next(shipped, uploaded)


def trial(version: Version, user: User) -> Trial | None:
    """The user's own try of a version."""
    return Trial.objects.filter(version=version, user=user).first()
