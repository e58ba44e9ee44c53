"""Matters whose time is over, and lists that wait: made by the actions of the rooms they belong to."""

import datetime as dt

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.pure import identity
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework.actions import FormerCase, FormerIntervention
from fridhem.rooms.casework.models import Case
from fridhem.rooms.intake import actions as intake_actions
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.retention import actions, queries
from fridhem.rooms.retention.models import DisposalList, Matter
from tests.factories import accounts, casework, intake, persons

TODAY = dt.datetime(2027, 11, 22, 10, 0, tzinfo=timezone.get_default_timezone())
LONG_AGO = dt.datetime(2022, 3, 10, 10, 0, tzinfo=timezone.get_default_timezone())  # over on 2027-03-10, gone by 2028-12-31


def archivist() -> User:
    return accounts.user(Role.ADMINISTRATOR)


def leader() -> User:
    return casework.leader()


def closed_case(
    *, at: dt.datetime = LONG_AGO, born: dt.date = dt.date(1985, 7, 9), text: str = "En anteckning.", **given
) -> Case:
    """A case about someone of its own with a note, an intervention that ended, closed on the day of `at`."""
    by = given.pop("by", None) or leader()
    if "person_id" not in given:
        taken = Case.objects.count()
        number = identity.test_number(born.replace(year=born.year - taken % 60), taken)
        given["person_id"] = persons.person(by=by, at=at, identity_number=number).pk
    case = casework.case(by=by, at=at, **given)
    casework_actions.write_note(case, by=by, at=at, text=text)
    granted = casework_actions.grant_intervention(case, by=by, at=at, kind="support_talks", reasons=["physical_violence"])
    casework_actions.end_intervention(granted, by=by, at=at, end=at.date(), outcome="met")
    return casework_actions.close_case(case, by=by, at=at, reason="finished")


def former_case(number: str, closed_on: dt.date, **given) -> Case:
    """A case taken over from a former system: without a process and a journal."""
    kind = given.pop("kind", "support_talks")
    intervention = FormerIntervention(kind, ("physical_violence",), closed_on, closed_on, "met")
    values = {"district": "centrum", "age_group": "adult", "closing_reason": "finished", "unit": casework.unit(), **given}
    former = FormerCase(number=number, opened_on=closed_on, closed_on=closed_on, interventions=(intervention,), **values)
    casework_actions.take_over([former], by=leader(), at=TODAY)
    return Case.objects.get(number=number)


def closed_concern(*, at: dt.datetime = LONG_AGO, kind: str = "partner", **given) -> Concern:
    mona = accounts.user(Role.RECEPTION)
    concern = intake.concern(at=at, **given)
    return intake_actions.close(concern, reason="advice_given", kind=kind, by=mona, at=at)


def assessed(found: Case | Concern, *, at: dt.datetime = TODAY) -> Matter:
    """The matter of a case or concern, after everything was judged."""
    actions.assess(at=at)
    return Matter.objects.get(pk=found.pk)


def proposed(*, by: User | None = None, at: dt.datetime = TODAY) -> DisposalList:
    """A list of all that is due, waiting for a second person."""
    actions.assess(at=at)
    return actions.propose(by=by or archivist(), at=at)


def approved(*, at: dt.datetime = TODAY, by: User | None = None) -> DisposalList:
    """A list that two people have decided on."""
    found = proposed(at=at)
    return actions.approve(found, by=by or leader(), at=at, digest=queries.seal_now(found))
