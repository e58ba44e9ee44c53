"""Whom a colleague must not handle: said on a page of its own, behind the database's own walls."""

import datetime as dt

import pytest
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure import identity
from fridhem.rooms.persons.models import Recusal
from tests.factories import accounts, casework
from tests.factories import persons as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]
NUMBER = identity.test_number(dt.date(1985, 7, 9), 0)


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def lena():
    return casework.leader(name="Lena Lind")


@pytest.fixture
def as_(client, behind_walls):
    def send(user, page, *args, post=None):
        client.force_login(user)
        with behind_walls():
            where = reverse(f"casework:{page}", args=args)
            return client.get(where) if post is None else client.post(where, post)

    return send


def text_of(response) -> str:
    return response.content.decode()


def test_a_colleague_says_it_and_the_number_is_nowhere(as_, anna):
    answer = as_(anna, "recusals", post={"identity_number": NUMBER, "ground": "kin"})

    page = text_of(as_(anna, "recusals"))
    assert answer.status_code == 302
    assert "En släkting" in page and NUMBER not in page and NUMBER[2:] not in page
    assert Entry.objects.filter(verb="persons.recusal.made", actor=anna.pk, reason="kin").count() == 1


def test_the_cases_of_that_person_are_shut_at_once(as_, anna):
    someone = people.person()
    case = casework.case(by=anna, person_id=someone.pk)
    assert as_(anna, "case", case.number).status_code == 200

    as_(anna, "recusals", post={"identity_number": someone.sealed_number, "ground": "close"})

    assert as_(anna, "case", case.number).status_code == 404
    assert case.number not in text_of(as_(anna, "cases"))


def test_what_is_wrong_is_said_at_its_field(as_, anna):
    answer = as_(anna, "recusals", post={"identity_number": "850709-9806", "ground": ""})

    assert answer.status_code == 422
    assert "Kontrollera siffrorna" in text_of(answer)
    assert 'href="#id_ground' in text_of(answer)
    assert not Recusal.objects.exists()


def test_a_leader_says_it_of_a_colleague_and_lifts_it(as_, anna, lena):
    as_(lena, "recusals", post={"user": anna.pk, "identity_number": NUMBER, "ground": "adverse"})
    said = Recusal.objects.get(user=anna, lifted_at=None)
    assert "Lena Lind" in text_of(as_(anna, "recusals"))

    assert as_(lena, "lift-recusal", said.pk, post={}).status_code == 302

    assert not Recusal.objects.filter(lifted_at=None).exists()
    assert Entry.objects.filter(verb="persons.recusal.lifted", actor=lena.pk).count() == 1


def test_nobody_lifts_their_own_or_that_of_another_unit(as_, anna, lena):
    as_(lena, "recusals", post={"user": lena.pk, "identity_number": NUMBER, "ground": "self"})
    own = Recusal.objects.get(user=lena)
    far = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"))

    assert as_(lena, "lift-recusal", own.pk, post={}).status_code == 404
    assert as_(far, "lift-recusal", own.pk, post={}).status_code == 404
    assert as_(anna, "lift-recusal", own.pk, post={}).status_code == 403


def test_of_a_colleague_elsewhere_it_cannot_be_said(as_, anna):
    far = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"))

    assert as_(far, "recusals", post={"user": anna.pk, "identity_number": NUMBER, "ground": "kin"}).status_code == 422
    assert not Recusal.objects.exists()
