"""What the public process seals, it can't open; what is moved to another place, nobody can."""

import uuid

import pytest
from django.apps import apps
from django.db import models
from nacl.public import PrivateKey

from fridhem.foundation.crypto import boxes, keys
from fridhem.foundation.crypto.box_field import BoxField, opened
from fridhem.foundation.crypto.boxes import Unopenable


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
    """The keyring of the public process, in this one."""
    keys.keyring.cache_clear()
    settings.FRIDHEM_KEYS = {"public": settings.FRIDHEM_KEYS["public"]}
    yield
    keys.keyring.cache_clear()


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

    with pytest.raises(keys.KeyMissing):
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


@pytest.mark.parametrize("content", [None, "text", {"value": 1}, {"place": "elsewhere", "value": 1}, []])
def test_what_was_put_in_without_its_place_is_refused(note, content):
    row = note()
    box = boxes.seal(content, keys.keyring().public_half("intake"))

    with pytest.raises(Unopenable):
        note._meta.get_field("text").open(box, row)
