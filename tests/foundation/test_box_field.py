"""What the public process seals, it can't open; what is moved to another place, nobody can."""

import uuid

import pytest
from django.apps import apps
from django.db import models
from nacl.public import PrivateKey

from fridhem.foundation.crypto import boxes
from fridhem.foundation.crypto.box_field import BoxField, opened
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.service import key_service
from fridhem.foundation.database.acting import Acting, acting
from fridhem.foundation.keys.client import KeyMissing


@pytest.fixture(scope="module")
def note():
    """A model with two boxes; no table, since sealing happens before the database."""

    class Note(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        text = BoxField(zone="intake")
        copy = BoxField(zone="intake", null=True)

        class Meta:
            app_label = "audit"
            managed = False

    yield Note
    del apps.all_models["audit"]["note"]
    apps.clear_cache()


@pytest.fixture
def public_keys(settings):
    """What the public process knows of keys, in this one."""
    key_service.cache_clear()
    settings.FRIDHEM_KEYS = {"public_file": settings.FRIDHEM_KEYS["public_file"]}
    yield
    key_service.cache_clear()


def stored(row, name):
    return row._meta.get_field(name).pre_save(row, add=True)


def test_a_box_gives_back_what_was_put_in(note):
    row = note(text={"what": "Ingen får veta 👩‍👧 العربية"})

    again = note(id=row.id, text=stored(row, "text"))

    assert again.text == {"what": "Ingen får veta 👩‍👧 العربية"}


def test_a_box_moved_to_another_row_or_column_is_refused(note):
    row = note(text="hemligt")
    box = stored(row, "text")

    for moved in (note(text=box), note(id=row.id, text="", copy=box)):
        with pytest.raises(Unopenable):
            _ = moved.copy or moved.text


def test_the_public_process_puts_in_and_never_takes_out(note, public_keys):
    row = note(text="hemligt")
    box = stored(row, "text")

    with acting(Acting(None, "another piece of work")), pytest.raises(KeyMissing):
        _ = note(id=row.id, text=box).text
    assert b"hemligt" not in box


def test_a_box_to_someone_outside_opens_with_their_key_only(note):
    row, theirs = note(), PrivateKey.generate()
    field = note._meta.get_field("copy")

    row.copy = field.sealed_to(theirs.public_key, "till dig", row)

    assert stored(row, "copy") is row.__dict__["copy"]
    assert opened(boxes.unseal(stored(row, "copy"), theirs), field.place(row)) == "till dig"
    with pytest.raises(Unopenable):
        _ = row.copy
    with pytest.raises(Unopenable):
        opened(boxes.unseal(stored(row, "copy"), theirs), field.place(note()))


def test_what_is_no_box_or_was_put_in_for_another_place_is_refused(note):
    row, field = note(), note._meta.get_field("text")
    elsewhere = stored(note(text="hemligt"), "text")

    for wrong in (b"", b"box", elsewhere, boxes.seal("hemligt", PrivateKey.generate().public_key), elsewhere[:-1]):
        with pytest.raises(Unopenable):
            field.open(wrong, row)
