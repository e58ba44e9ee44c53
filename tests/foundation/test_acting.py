"""For whom the house works: the database is told, and forgets."""

import uuid

import pytest
from django.db import connection

from fridhem.foundation.database.acting import Acting, acting, current


def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fridhem.user', true), current_setting('fridhem.zones', true)")
        return cursor.fetchone()


@pytest.mark.django_db
def test_the_database_knows_for_whom_and_forgets():
    who = Acting(uuid.uuid4(), "test:page", zones=frozenset({"case", "audit"}))

    with acting(who):
        assert current() is who
        assert told() == (str(who.user), "audit,case")

    assert told() == (str(current().user), "")


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_opens_in_the_middle_is_told():
    who = Acting(uuid.uuid4(), "test:page")

    with acting(who):
        connection.close()
        assert told()[0] == str(who.user)


@pytest.mark.django_db
def test_work_within_work_gives_back_the_first_one():
    first, second = Acting(uuid.uuid4(), "test:one"), Acting(None, "test:two")

    with acting(first):
        with acting(second):
            second.drawer["key"] = b"secret"
            assert told()[0] == ""
        assert told()[0] == str(first.user)
        assert second.drawer == {}
