"""Someone who hides, in a case, and what is about to leave it."""

from fridhem.rooms.casework.actions import people
from fridhem.rooms.disclosures import actions
from fridhem.rooms.disclosures.models import Disclosure
from tests.factories import casework, persons

HIDDEN = {
    "address": "Tranbärsvägen 27 B, 907 52 Umeå",
    "phone": "070-174 06 58",
    "workplace": "Tvinnaregatans bageri",
    "new_name": "Maja Vinterkrasse",
}
SCHOOL = "Humlebackens förskola"
NOW = casework.MONDAY


def hidden_case(*, by, protection: str = "protected_registration", school: bool = True):
    """A case about someone protected, with details, whose child goes to a protected preschool."""
    case = casework.case(by=by, person_id=persons.person(name="Selma Solvända", protection=protection).pk)
    for kind, value in HIDDEN.items():
        people.add_detail(case, case.person_id, by=by, at=NOW, kind=kind, value=value)
    if school:
        people.relate(case, by=by, at=NOW, kind="child", name="Tilda Solvända", protection=protection)
        child = case.person.relations.get().other
        people.add_detail(case, child.pk, by=by, at=NOW, kind="school", value=SCHOOL)
    return case


def disclosure(case, *, by, **given) -> Disclosure:
    values = {"recipient": "other_party", "to": "Ombud Olle Odon", "ground": "party", "at": NOW, **given}
    return actions.disclose(case, by=by, **values)
