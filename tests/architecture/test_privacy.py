"""Every field of every model of ours says how private it is, and is stored accordingly."""

from django.apps import apps
from django.db import models

from fridhem.foundation.crypto import privacy
from fridhem.foundation.crypto.blind_index import BlindIndexField, NameIndexField
from fridhem.foundation.crypto.fields import SealedField

KINDS = {privacy.OPEN, privacy.PERSONAL, privacy.PROTECTED}


def our_models() -> list[type[models.Model]]:
    """Our models; a history keeps the columns of its model as they lie, and is as private (see `audit.history`)."""
    found = [model for model in apps.get_models() if model.__module__.startswith("fridhem.")]
    return [model for model in found if not hasattr(model, "pgh_tracked_model")]


def undeclared(model: type[models.Model]) -> list[str]:
    """The fields of `model` without a declaration, and declarations without a field."""
    declared = getattr(model, "privacy", {})
    names = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
    return sorted((names ^ set(declared)) | {name for name, kind in declared.items() if kind not in KINDS})


def wrongly_stored(model: type[models.Model]) -> list[str]:
    """The fields of `model` whose column doesn't keep what the declaration promises."""
    wrong = []
    indexes = (BlindIndexField, NameIndexField)
    for name, kind in getattr(model, "privacy", {}).items():
        field = model._meta.get_field(name)
        sealed = isinstance(field, SealedField)
        match kind:
            case privacy.OPEN if sealed or isinstance(field, indexes):
                wrong.append(name)
            case privacy.PERSONAL if not (sealed or isinstance(field, indexes)):
                wrong.append(name)
            case privacy.PROTECTED if not (sealed and field.protected):
                wrong.append(name)
    return wrong


def test_our_models_are_found():
    assert {"Entry", "User", "Unit"} <= {model.__name__ for model in our_models()}


def test_every_field_is_declared():
    assert {model._meta.label: undeclared(model) for model in our_models() if undeclared(model)} == {}


def test_every_field_is_stored_as_declared():
    assert {model._meta.label: wrongly_stored(model) for model in our_models() if wrongly_stored(model)} == {}


def test_an_undeclared_or_misplaced_field_is_found():
    class Careless(models.Model):
        privacy = {"id": privacy.OPEN, "name": privacy.PERSONAL, "address": privacy.PROTECTED}
        name = models.TextField()
        address = SealedField()
        note = models.TextField()

        class Meta:
            app_label = "audit"
            managed = False

    try:
        assert undeclared(Careless) == ["note"]
        assert wrongly_stored(Careless) == ["name", "address"]
    finally:
        del apps.all_models["audit"]["careless"]
        apps.clear_cache()


def test_rows_with_sealed_fields_have_a_uuid_key():
    sealed = [model for model in our_models() if any(isinstance(f, SealedField) for f in model._meta.local_fields)]

    assert [model._meta.label for model in sealed if not isinstance(model._meta.pk, models.UUIDField)] == []
