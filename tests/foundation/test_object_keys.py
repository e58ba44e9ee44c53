"""Every object has a key of its own: made with it, never lost to a rollback, gone when it's destroyed."""

import contextvars
import uuid

import pytest
from django.db import transaction

from fridhem.foundation.crypto import object_keys
from fridhem.foundation.crypto.access import unlock
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.database.acting import Acting, acting
from fridhem.foundation.keys.client import KeyMissing
from fridhem.rooms.persons import queries
from fridhem.rooms.persons.models import Person, ProtectedDetail
from tests.factories import persons

pytestmark = pytest.mark.django_db


def anew():
    """Another piece of work, which holds nothing yet."""
    return acting(Acting(uuid.uuid4(), "tests"))


def test_an_object_is_opened_by_another_piece_of_work():
    person = persons.person(name="Åsa Öberg")

    with anew():
        assert Person.objects.get(pk=person.pk).sealed_name == "Åsa Öberg"


def test_nothing_opens_for_nobody():
    person = Person.objects.get(pk=persons.person().pk)

    with pytest.raises(KeyMissing):
        contextvars.Context().run(lambda: person.sealed_name)


def test_a_key_that_was_rolled_back_is_made_again():
    subject = uuid.uuid4()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = object_keys.sealing("case", subject, is_new=True)
        raise ZeroDivisionError

    kept = object_keys.sealing("case", subject)

    assert kept != lost
    with anew():
        assert object_keys.opening("case", subject) == kept


def test_a_key_made_in_the_same_transaction_is_used_again():
    subject = uuid.uuid4()
    with transaction.atomic():
        first = object_keys.sealing("case", subject, is_new=True)
        with transaction.atomic():
            assert object_keys.sealing("case", subject) == first

    assert object_keys.sealing("case", subject) == first
    assert ObjectKey.objects.filter(subject=subject).count() == 1


def test_the_first_key_of_an_object_wins():
    subject = uuid.uuid4()
    with anew():
        first = object_keys.sealing("case", subject, is_new=True)

    with anew():
        assert object_keys.sealing("case", subject, is_new=True) == first


def test_zones_have_keys_of_their_own():
    subject = uuid.uuid4()

    assert object_keys.sealing("case", subject) != object_keys.sealing("protected", subject)


def test_a_list_is_opened_with_one_question(django_assert_num_queries):
    people = [persons.person() for _ in range(4)]
    with anew():
        rows = list(Person.objects.filter(pk__in=[person.pk for person in people]))
        with django_assert_num_queries(1):
            unlock(rows)
            assert {row.sealed_name for row in rows} == {person.sealed_name for person in people}


def test_what_may_cost_a_life_is_not_opened_with_the_rest():
    person = persons.person(address="Storgatan 1")
    with anew() as who:
        detail = ProtectedDetail.objects.get(person=person)
        unlock([Person.objects.get(pk=person.pk), detail])

        assert {zone for zone, _subject in who.drawer} == {"case"}
        assert detail.sealed_value == "Storgatan 1"


def test_one_damaged_row_spoils_nothing_for_the_others():
    whole, damaged = persons.person(), persons.person()
    ObjectKey.objects.filter(subject=damaged.pk, zone="case").update(box=b"x" * 112)
    with anew():
        rows = {row.pk: row for row in Person.objects.all()}
        unlock(rows.values())

        assert rows[whole.pk].sealed_name == whole.sealed_name
        with pytest.raises(Unopenable):
            _ = rows[damaged.pk].sealed_name
        assert queries.is_protected(rows[damaged.pk])


def test_what_is_destroyed_opens_for_nobody_even_when_the_row_comes_back(as_face):
    person = persons.person()
    row = ObjectKey.objects.get(subject=person.pk, zone="case")

    with as_face("worker"):
        assert object_keys.destroy("case", [person.pk]) == 1

    row.save(force_insert=True)
    with anew(), pytest.raises(Unopenable):
        _ = Person.objects.get(pk=person.pk).sealed_name
