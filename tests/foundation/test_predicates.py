"""What can be asked of a person: nobody who isn't an active user passes any of it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.predicates import anyone, has_role, in_zone, signed_in
from tests.factories import accounts

ASKED = {"signed_in": signed_in, "role": has_role(Role.CASEWORKER), "zone": in_zone(Zone.CASE)}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("nobody", [None, AnonymousUser(), "mona"], ids=["none", "anonymous", "a word"])
def test_who_is_no_user_passes_nothing_but_what_is_for_anyone(asked, nobody):
    assert not asked(nobody)
    assert anyone.test(nobody)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_closed_account_passes_nothing(asked):
    caseworker = accounts.user(Role.CASEWORKER)
    assert asked(caseworker)

    caseworker.is_active = False

    assert not asked(caseworker)


@pytest.mark.django_db
def test_another_role_and_another_zone_are_refused():
    assert not has_role(Role.RECEPTION, Role.STRATEGIST)(accounts.user(Role.CASEWORKER))
    assert not in_zone(Zone.CASE)(accounts.user(Role.STRATEGIST))
