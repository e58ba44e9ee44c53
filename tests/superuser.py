"""Whoever owns the database server."""

import json

import psycopg
import pytest
from django.db import connection


@pytest.fixture
def superuser(test_house):
    """A connection to the test database as PostgreSQL's superuser."""
    password = json.loads((test_house.data / "secrets.json").read_text())["passwords"]["postgres"]
    info = connection.settings_dict
    with psycopg.connect(
        test_house.server.url(role="postgres", password=password, database=info["NAME"]), autocommit=True
    ) as opened:
        yield opened
