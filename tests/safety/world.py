"""A small municipality in which everything belongs to one of two units, and whose secrets can be told from each other.

Every row is made by the rooms' own actions. What a person may see is said once more here, from the ties between the rows: a row
is someone's when all that it hangs on is.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Quarantined
from fridhem.pure import identity
from fridhem.rooms.assessments import queries as instruments
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import decisions as deciding
from fridhem.rooms.casework.actions import documents, sections
from fridhem.rooms.casework.queries import work
from fridhem.rooms.conformance import permissions as measuring
from fridhem.rooms.council import actions as council
from fridhem.rooms.disclosures import actions as disclosures
from fridhem.rooms.intake import actions as concerns
from fridhem.rooms.intake import queries as inbox
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons import queries as people
from fridhem.rooms.processes import actions as processes
from fridhem.rooms.processes import queries as versions
from fridhem.rooms.retention import actions as retention
from fridhem.rooms.retention import permissions as keeping
from fridhem.rooms.retention import queries as retained
from fridhem.rooms.reviews import queries as reviewed
from fridhem.rooms.support import queries as contacts
from tests.factories import accounts, assessments, intake, support
from tests.factories import casework as making
from tests.factories import council as papers
from tests.factories import processes as diagrams
from tests.factories import statistics as tables

RECEPTION, ADULTS, CHILDREN = "Mottag", "Vuxen våld", "Barn och familj"


@dataclass
class World:
    """Who works there, and which words are secret because of which row."""

    people: dict[str, User] = field(default_factory=dict)
    canaries: dict[str, models.Model] = field(default_factory=dict)


def build() -> World:
    """Two units with a case each, a concern each, papers and tables, and someone in every role."""
    world, now = World(), timezone.now()
    units = {name: Unit.objects.get_or_create(name=name)[0] for name in (RECEPTION, ADULTS, CHILDREN)}
    for role in Role.values:
        unit = units[RECEPTION if role == Role.RECEPTION else ADULTS]
        world.people[role] = accounts.user(role, username=role, unit=unit)
    for role in (Role.CASEWORKER, Role.TEAM_LEADER):
        world.people[f"{role} of the children"] = accounts.user(role, username=f"{role}2", unit=units[CHILDREN])
    world.people["caseworker without cases"] = accounts.user(Role.CASEWORKER, username="new", unit=units[ADULTS])
    _case(world, "Vuxen", world.people[Role.CASEWORKER], world.people[Role.TEAM_LEADER], now)
    small, big = world.people["caseworker of the children"], world.people["team_leader of the children"]
    _case(world, "Barn", small, big, now)
    _concern(world, now)
    _draft(world, now)
    owner = world.people[Role.PROCESS_OWNER]
    support.contact(by=world.people[Role.RECEPTION], at=now, offered=support.offer(by=owner, at=now))
    support.number(by=owner, at=now)
    council.take_in([council.File("a.txt", papers.memo().encode())], by=world.people[Role.SECRETARY], at=now)
    tables.ready(by=world.people[Role.STRATEGIST])
    retention.assess(at=now)
    matter = retained.listed(world.people[Role.TEAM_LEADER], today=now.date(), outcome="ongoing").filter(kind="case").first()
    retention.hold(matter, by=world.people[Role.TEAM_LEADER], at=now, ground="other", words="kanariestopp", review_on=now.date())
    return world


def _case(world: World, word: str, worker: User, leader: User, now: dt.datetime) -> None:
    number = identity.test_number(dt.date(1985, 7, 9), len(world.canaries))
    with accounts.at_work(worker):
        someone = persons.register(
            by=worker, at=now, name=f"Kanarie{word} Klöver", identity_number=number, address=f"Kanarieväg{word}"
        )
        other = persons.register(by=worker, at=now, name=f"Kanarieson{word} Klöver")
        persons.relate(someone, by=worker, at=now, other=other, kind="child")
        opened = making.case(by=worker, at=now, unit=worker.unit, person_id=someone.pk, summary=f"kanariebrev{word}")
        making.do(opened, "assess_protection", by=leader, at=now, text=f"kanariesteg{word}")
        given = casework.grant_intervention(opened, by=leader, at=now, kind="support_talks", reasons=["neglect"])
        casework.end_intervention(given, by=worker, at=now, end=given.start, outcome="met")
        refused = {"refused": "contact_person", "reasons": ["no_need"], "prepared_by": worker}
        deciding.decide(
            opened, by=leader, at=now, kind="assistance", outcome="refused", motivation=f"kanarieskäl{word}", **refused
        )
        paper = Quarantined(b"kanariefil", Reason.MACROS)
        documents.add_document(opened, taken=paper, name=f"kanariefil{word}.txt", by=worker, at=now)
        casework.write_note(opened, by=worker, at=now, text=f"kanarienot{word}")
        sections.write_section(opened, "violence", by=worker, at=now, text=f"kanarieavsnitt{word}", revision=0)
        said = {**assessments.GRAVE, "tryggare": f"kanariebedömning{word}"}
        assessments.assessment(opened, by=worker, at=now, given=said)
        told = {"to": f"kanariemottagare{word}", "text": f"kanariebesked{word}", "documents": [("kanariebilaga.txt", b"Hej.")]}
        left = disclosures.disclose(opened, by=worker, at=now, recipient="other_party", ground="party", **told)
        disclosures.let_leave(left, by=worker, at=now, way="post")
    world.canaries |= {opened.number: opened, f"Kanarie{word}": someone, f"Kanarieväg{word}": someone, number: someone}
    world.canaries |= {f"Kanarieson{word}": other, str(opened.pk): opened, str(someone.pk): someone}
    kinds = ("brev", "steg", "not", "skäl", "fil", "mottagare", "besked", "bedömning", "avsnitt")
    world.canaries |= {f"kanarie{what}{word}": opened for what in kinds}


def _concern(world: World, now: dt.datetime) -> None:
    told = intake.concern(what="kanarieoro hos grannen", urgency="now")
    concerns.answer(told, text="kanariesvar", by=world.people[Role.RECEPTION], at=now)
    concerns.assess_protection(told, outcome="unclear", note="kanarieskydd", by=world.people[Role.RECEPTION], at=now)
    concerns.hand_over(told, receiver="police", kind="partner", note="kanarielämning", by=world.people[Role.RECEPTION], at=now)
    world.canaries |= {word: told for word in ("kanarieoro", "kanariesvar", "kanarieskydd", "kanarielämning", str(told.pk))}


def _draft(world: World, now: dt.datetime) -> None:
    owner = world.people[Role.PROCESS_OWNER]
    draft = processes.upload(diagrams.changed(), by=owner, at=now, note="kanarieutkast")
    processes.begin_trial(draft, by=owner, at=now)
    rules = processes.upload_table(diagrams.changed_table(), by=owner, at=now, note="kanarietabell")
    form = assessments.draft(by=owner, at=now, note="kanarieformulär")
    world.canaries |= {"kanarieutkast": draft, "kanarietabell": rules, "kanarieformulär": form}


# ── Whose is it? ──────────────────────────────────────────────────────────

OURS = ("fridhem.rooms.", "fridhem.foundation.files.")
# Of the history the serving roles read nothing at all (tests/foundation/audit/test_history.py).
MODELS = [each for each in apps.get_models() if each.__module__.startswith(OURS) and not hasattr(each, "pgh_tracked_model")]
Ids = set[UUID]


def own(user: User, model: type[models.Model]) -> Ids:
    """The rows of a table that are the user's to see, asked as the owner of the database."""
    if model._meta.label in ROOTS:
        return set(ROOTS[model._meta.label](user))
    return {row.pk for row in model._default_manager.all() if all(tie in own(user, kind) for kind, tie in _ties(row))}


def _ties(row: models.Model) -> Iterator[tuple[type[models.Model], Any]]:
    """The rows of our rooms that a row hangs on."""
    for each in row._meta.concrete_fields:
        if each.is_relation and each.related_model in MODELS and getattr(row, each.attname) is not None:
            yield each.related_model, getattr(row, each.attname)


def _all(model: str, when: Callable[[User], bool]) -> Callable[[User], Any]:
    found = apps.get_model(model)._default_manager
    return lambda user: found.values_list("pk", flat=True) if when(user) else []


def _glass(user: User) -> Any:
    rows = apps.get_model("casework.BreakGlass")._default_manager
    found = rows.all() if user.has_role(Role.TEAM_LEADER) else rows.filter(user=user)
    return found.values_list("pk", flat=True)


def _of(model: str, **more: Any) -> Callable[[User], Any]:
    return lambda user: apps.get_model(model)._default_manager.filter(user=user, **more).values_list("pk", flat=True)


def _everyone(user: User) -> bool:
    return user.is_active


def _takes_in(user: User) -> bool:
    return user.has_role(Role.SECRETARY, Role.STRATEGIST)


ROOTS: dict[str, Callable[[User], Any]] = {
    "casework.Case": lambda user: cases.visible_to(user).values_list("pk", flat=True),
    "casework.NeedToKnow": _all("casework.NeedToKnow", _everyone),
    "casework.BreakGlass": _glass,
    "casework.ContactCount": lambda user: [],  # statistics counts, by the house
    "files.File": lambda user: apps.get_model("files.File")._default_manager.filter(
        owner__in=cases.visible_to(user)
    ).values_list("pk", flat=True),
    "persons.Person": lambda user: people.visible_to(user).values_list("pk", flat=True),
    "persons.Relation": lambda user: apps.get_model("persons.Relation")._default_manager.filter(
        person__in=people.visible_to(user)
    ).values_list("pk", flat=True),
    "persons.Handling": _of("persons.Handling"),
    "persons.Recusal": lambda user: apps.get_model("persons.Recusal")._default_manager.filter(
        models.Q(user=user) | models.Q(user__unit=user.unit_id if user.has_role(Role.TEAM_LEADER) else None)
    ).values_list("pk", flat=True),
    "intake.Concern": lambda user: inbox.visible_to(user).values_list("pk", flat=True),
    "intake.PublicText": _all("intake.PublicText", _everyone),
    "disclosures.Disclosure": lambda user: apps.get_model("disclosures.Disclosure")._default_manager.filter(
        models.Q() if user.has_role(Role.PRIVACY_OFFICER) else models.Q(case__in=cases.visible_to(user))
    ).values_list("pk", flat=True),
    "disclosures.File": lambda user: apps.get_model("disclosures.File")._default_manager.filter(
        case__in=cases.visible_to(user)
    ).values_list("pk", flat=True),
    "disclosures.Departure": lambda user: apps.get_model("disclosures.Departure")._default_manager.filter(
        disclosure__in=own(user, apps.get_model("disclosures.Disclosure"))
    ).values_list("pk", flat=True),
    "casework.Absence": lambda user: work.absences(user, today=dt.date.min).values_list("pk", flat=True),
    "casework.Delegation": lambda user: work.delegations(user, today=dt.date.min).values_list("pk", flat=True),
    "casework.Move": _all("casework.Move", lambda user: user.has_role(Role.PROCESS_OWNER)),
    "processes.Version": lambda user: versions.visible_to(user).values_list("pk", flat=True),
    "assessments.Version": lambda user: instruments.instruments_visible_to(user).values_list("pk", flat=True),
    "importing.Source": _all("importing.Source", lambda user: user.has_role(Role.TEAM_LEADER)),
    "importing.Extract": lambda user: apps.get_model("importing.Extract")._default_manager.filter(
        uploaded_by=user
    ).values_list("pk", flat=True),
    "importing.Origin": lambda user: apps.get_model("importing.Origin")._default_manager.filter(
        case__in=cases.visible_to(user)
    ).values_list("pk", flat=True),
    "support.Offer": _all("support.Offer", _everyone),
    "support.PhoneNumber": _all("support.PhoneNumber", _everyone),
    "support.AnonymousContact": lambda user: contacts.visible_to(user, on=timezone.localdate()).values_list("pk", flat=True),
    "processes.Trial": _all("processes.Trial", lambda user: user.has_role(Role.PROCESS_OWNER)),
    "council.Matter": _all("council.Matter", _everyone),
    "council.RegistryNumber": _all("council.RegistryNumber", _everyone),
    "council.Delivery": _all("council.Delivery", _takes_in),
    "council.Incoming": _all("council.Incoming", _takes_in),
    "conformance.Measurement": _all("conformance.Measurement", measuring.measures),
    "reviews.Review": lambda user: reviewed.visible_to(user).values_list("pk", flat=True),
    "retention.Matter": _all("retention.Matter", keeping.may_see),
    "retention.Hold": _all("retention.Hold", keeping.may_see),
    "statistics.Release": lambda user: apps.get_model("statistics.Release")._default_manager.filter(
        models.Q() if user.has_role(Role.STRATEGIST) else models.Q(status="released")
    ).values_list("pk", flat=True),
}  # fmt: skip
