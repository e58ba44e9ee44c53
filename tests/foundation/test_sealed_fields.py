"""A sealed value opens in its own place and nowhere else."""

import uuid

import pytest
from django.apps import apps
from django.db import models

from fridhem.foundation.crypto.blind_index import fingerprint
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.fields import Sealed, SealedField

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def letter():
    """A model with two sealed columns; no table, since sealing happens before the database."""

    class Letter(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        text = SealedField(null=True)
        address = SealedField(zone="protected", protected=True, null=True)

        class Meta:
            app_label = "audit"
            managed = False

    yield Letter
    del apps.all_models["audit"]["letter"]
    apps.clear_cache()


def stored(row: models.Model, name: str) -> Sealed:
    """The ciphertext of one column as it would be saved."""
    return row._meta.get_field(name).pre_save(row, add=True)


@pytest.mark.parametrize("value", ["Ingen får veta", "", "👩‍👧 العربية", {"steg": [1, 2]}, 0, ["a"], False])
def test_a_value_comes_back_from_its_own_place(letter, value):
    row = letter(text=value)

    again = letter(id=row.id, text=stored(row, "text"))

    assert again.text == value


def test_the_ciphertext_never_shows_the_value_and_is_never_the_same(letter):
    row = letter(text="Storgatan 1")

    first, second = stored(row, "text"), stored(row, "text")

    assert b"Storgatan" not in first
    assert first != second


def test_a_ciphertext_moved_to_another_row_or_column_is_refused(letter):
    row = letter(text="hemligt", address="också")
    other_row = letter(text=stored(row, "text"))
    other_column = letter(id=row.id, text=stored(row, "address"))

    for moved in (other_row, other_column):
        with pytest.raises(Unopenable):
            _ = moved.text


def test_any_damaged_byte_is_refused(letter):
    row = letter(text="hemligt")
    whole = stored(row, "text")

    for place in range(len(whole)):
        damaged = Sealed(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Unopenable):
            _ = letter(id=row.id, text=damaged).text
    for cut in (b"", whole[:1], whole[:26], whole[:-1]):
        with pytest.raises(Unopenable):
            _ = letter(id=row.id, text=Sealed(cut)).text


def test_an_unopened_value_is_saved_as_it_is(letter):
    whole = stored(letter(text="hemligt"), "text")

    assert stored(letter(text=whole), "text") == whole


def test_a_fingerprint_finds_the_same_number_however_written_and_differs_between_zones():
    assert fingerprint("19121212-1212", zone="case") == fingerprint("191212121212", zone="case")
    assert fingerprint("191212121212", zone="case") != fingerprint("191212121212", zone="protected")
    assert fingerprint("191212121212", zone="case") != fingerprint("191212121213", zone="case")
