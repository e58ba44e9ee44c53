"""Every table has a wall in the database, or a reason why it needs none."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

# Tables of ours that stand open to the serving roles, and why.
OPEN = {
    "accounts": "an official's name, role and unit at work are public, and sign-in asks before anybody acts",
    "audit": "everyone adds to the record; who reads it is said by the room that shows it",
    "crypto": "keys that only the key service can open",
}


def closed() -> set[str]:
    """The tables with row-level security."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        return {name for (name,) in cursor.fetchall()}


def test_every_table_of_ours_has_a_wall():
    """A history needs none: the serving roles may add to it and nothing else (see `test_roles`)."""
    found = [model for model in apps.get_models() if model.__module__.startswith("fridhem.")]
    ours = [model for model in found if not hasattr(model, "pgh_tracked_model")]
    without = {model._meta.db_table for model in ours if model._meta.app_label not in OPEN} - closed()

    assert without == set(), "see foundation/database/walls.py"


def test_what_is_asked_as_the_owner_can_not_be_led_elsewhere():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        found = dict(cursor.fetchall())

    assert len(found) > 10
    assert {name for name, settings in found.items() if "search_path=pg_catalog, pg_temp" not in settings} == set()
