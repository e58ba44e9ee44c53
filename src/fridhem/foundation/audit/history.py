"""Every change of a row, whatever made it: an action, `update()`, a bulk, raw SQL. Triggers in the database keep it.

Beside the record, which says why something was done, the history says what the row became. What is sealed is kept as it
lies, as ciphertext, and dies with its key.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar
from uuid import UUID

import pghistory
from django.db import connection, models
from django.db.models import Func, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from pghistory.models import Event

from fridhem.foundation.crypto.blind_index import BlindIndexField
from fridhem.foundation.crypto.fields import SealedField

Model = TypeVar("Model", bound=type[models.Model])


def _acting(what: str) -> Func:
    """What the database has been told of who is acting (see `acting`); empty when nobody has told."""
    return Coalesce(Func(Value(f"fridhem.{what}"), Value(True), function="current_setting"), Value(""))


class Change(Event):
    """A row as it became (insert, update), or as it was (delete), when, by whom and in which page or task."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_by = models.UUIDField(null=True, db_default=Cast(NullIf(_acting("user"), Value("")), models.UUIDField()))
    pgh_purpose = models.TextField(db_default=_acting("purpose"))

    class Meta:
        abstract = True


def tracked(*, but: Collection[str] = (), from_the_start: bool = True) -> Callable[[Model], Model]:
    """Keep the history of a model, except of the columns `but`.

    `from_the_start=False` leaves out the insert, for rows whose time of arrival nobody may know.
    """

    def keep(model: Model) -> Model:
        kinds = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
        if from_the_start:
            kinds.append(pghistory.InsertEvent())
        table = f"{model._meta.db_table}_change"
        pghistory.create_event_model(
            model,
            *kinds,
            exclude=list(but),
            abstract=False,
            model_name=f"{model.__name__}Change",
            base_model=Change,
            context_field=None,  # type: ignore[arg-type]  # as its documentation says
            obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+"),
            attrs={"privacy": _as_private(model, but), **_as_they_lie(model, but)},
            meta={"db_table": table},
        )
        return model

    return keep


def _as_private(model: type[models.Model], but: Collection[str]) -> dict[str, str]:
    """What the model's columns are, the history's columns are too."""
    declared: dict[str, str] = getattr(model, "privacy", {})
    return {name: kind for name, kind in declared.items() if name not in but}


def _as_they_lie(model: type[models.Model], but: Collection[str]) -> dict[str, models.BinaryField]:
    """Plain columns of bytes for what is sealed or a fingerprint: the history opens nothing."""
    closed = [field for field in model._meta.local_fields if isinstance(field, SealedField | BlindIndexField)]
    return {field.name: models.BinaryField(null=True, db_column=field.column) for field in closed if field.name not in but}


def of(row: models.Model) -> models.QuerySet[Any]:
    """The changes of one row, oldest first. For the owner of the database: the serving roles can only add."""
    changes: models.QuerySet[Any] = row.pgh_event_model.objects.filter(pgh_obj=row.pk)  # type: ignore[attr-defined]
    return changes.order_by("pgh_id")


def forget(rows: Collection[UUID], *, why: str) -> int:
    """Remove the history of rows that have been disposed of, and say so in the record; how many changes there were.

    For the worker alone. Call it after the rows are gone, since their going is a change too. `why` is a fixed phrase.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget_history(%s, %s)", [list(rows), why])
        (count,) = cursor.fetchone()
    return int(count)
