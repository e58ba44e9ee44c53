"""The public face and the public role, as tests can stand in for them."""

import json
import time

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client

from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.strain.guesses import Guesses
from fridhem.site import settings as house_settings


class Visitor:
    """Someone at the public face, with the page's script or without."""

    def __init__(self) -> None:
        self.client = Client()

    def opens(self, **headers):
        return self.client.get("/", headers=headers)

    def sends(self, go: str, *, by_script: bool = True, **values):
        said = {name: str(value) for name, value in values.items()}
        return self.client.post("/", {"go": go, "language": "sv", **said}, headers={"X-Steps": "1"} if by_script else {})


@pytest.fixture(scope="session")
def house_keys() -> dict:
    """This house's way to its keys, for reading what the public process sealed."""
    return django_settings.FRIDHEM_KEYS


@pytest.fixture
def public_face(settings, house_keys):
    """This process answers as the public face: its addresses, its middleware, its keys."""
    key_service.cache_clear()
    settings.FRIDHEM_KEYS = {"public_file": house_keys["public_file"]}
    settings.ROOT_URLCONF = "fridhem.site.urls.public"
    settings.MIDDLEWARE = house_settings._EVERY_FACE + house_settings._PUBLIC_FACE
    yield
    key_service.cache_clear()


@pytest.fixture
def visitor(public_face, db, monkeypatch) -> Visitor:
    """Nobody else is guessing: how wrong guesses wait has tests of its own (`test_strain`, C14-C16)."""
    from fridhem.rooms.intake.views import public

    monkeypatch.setattr(public, "guesses", Guesses(time.monotonic, per_second=1e6, most=1e6))
    return Visitor()


@pytest.fixture
def public_role(test_house):
    """How the public role connects to the test database: the parts of its address that differ from the owner's."""
    secrets = json.loads(test_house.face("public").read_text())
    named = psycopg.conninfo.conninfo_to_dict(secrets["database_url"])
    return {"USER": named["user"], "PASSWORD": named["password"]}


@pytest.fixture
def public_connection(public_role, transactional_db):
    """An own connection of the public role to the test database."""
    own = connections["default"].get_connection_params()
    known = {name: own[name] for name in ("host", "dbname", "port") if own.get(name)}
    with psycopg.connect(**known, user=public_role["USER"], password=public_role["PASSWORD"], autocommit=True) as connection:
        yield connection
