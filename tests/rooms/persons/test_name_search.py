"""A person is found by the beginnings of the name's words, and a protected one never is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.persons import actions, queries
from fridhem.rooms.persons.enums import Protection
from fridhem.rooms.persons.models import Handling, Person
from tests.factories import accounts, persons

pytestmark = pytest.mark.django_db


def found(typed):
    """The names that someone who is handling everybody finds."""
    user, soon = accounts.user(Role.CASEWORKER), timezone.now() + timedelta(minutes=5)
    Handling.objects.bulk_create(Handling(person=person, user=user, until=soon) for person in Person.objects.all())
    return {person.sealed_name for person in queries.named(typed, user=user)}


def test_nobody_is_found_by_someone_who_does_not_need_to_know_of_them():
    persons.person(name="Anna Lind")

    assert not queries.named("anna", user=accounts.user(Role.CASEWORKER)).exists()


def test_the_beginnings_of_words_find_the_person():
    for name in ("Anna Lind-Åkesson", "Hanna Lindqvist", "José Ånäs", "Bo Li", "Maximiliana-Christoforos Ek"):
        persons.person(name=name)

    assert found("lin") == {"Anna Lind-Åkesson", "Hanna Lindqvist"}
    assert found("  ÅKE  anna ") == {"Anna Lind-Åkesson"}
    assert found("jose ån") == {"José Ånäs"}  # `ån` is too short to be looked for
    assert found("anas") == set()
    assert found("christoforos") == {"Maximiliana-Christoforos Ek"}
    assert found("maximilianas") == set()


@pytest.mark.parametrize("typed", ["", "  ", "an", "%", "a b c", "\x00", "'; DROP"])
def test_too_little_finds_nobody(typed):
    persons.person(name="Anna Lind")

    assert found(typed) == set()


def test_a_protected_person_is_never_found_by_name():
    hidden = persons.person(name="Anna Lind", protection=Protection.LOCAL)
    later = persons.person(name="Anna Berg")
    actions.protect(later, by=accounts.user(Role.CASEWORKER), at=timezone.now(), protection=Protection.FICTITIOUS)

    assert found("anna") == set()
    assert not Person.objects.exclude(name_index=None).filter(pk__in=[hidden.pk, later.pk]).exists()


def test_one_who_is_no_longer_protected_is_found_again():
    person = persons.person(name="Anna Lind", protection=Protection.LOCAL)
    actions.protect(person, by=accounts.user(Role.CASEWORKER), at=timezone.now(), protection=Protection.NONE)

    assert found("anna") == {"Anna Lind"}
