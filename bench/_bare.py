"""The same house without its safety: a plain copy of every row, read as the owner, with no key service, record or row security.

The lower limit that the house is measured against: the same views, queries and templates on the same rows.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import dj_database_url
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

from bench._town import Town
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit import record
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.fields import Sealed, SealedField, sealed_fields
from fridhem.foundation.database import acting
from fridhem.rooms.persons import actions, queries
from fridhem.rooms.persons.models import Person

SCHEMA = "bare"


def copied(town: Town) -> None:
    """Copy every table, what is sealed in the clear, and with the indexes that a plain register would have."""
    models = [each for each in apps.get_models(include_auto_created=True) if _lies_here(each)]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for model in models:
            table = model._meta.db_table
            cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"INSERT INTO {SCHEMA}.{table} SELECT * FROM public.{table}")
        _open_town(cursor, town)
        known = [row[0] for row in town.people]
        with acting.acting(acting.Acting(town.leader.pk, "bench")):
            for model in (each for each in models if sealed_fields(each)):
                for row in model._default_manager.exclude(pk__in=known if model is Person else []):
                    _open_row(cursor, row)
        _index(cursor)


def _lies_here(model: Any) -> bool:
    """Whether it's a table that a page reads; history is for the database alone."""
    return model._meta.managed and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")


def _open_town(cursor: Any, town: Town) -> None:
    """What the people of the town are called stands in the copy as it was told."""
    cursor.execute("CREATE TEMPORARY TABLE told (id uuid, name text, number text)")
    with cursor.copy("COPY told FROM STDIN") as copy:
        for row in town.people:
            copy.write_row(row)
    cursor.execute(
        f"UPDATE {SCHEMA}.persons_person p SET name = convert_to(to_json(t.name)::text, 'UTF8'), "
        "identity_number = convert_to(to_json(t.number)::text, 'UTF8'), protection = %s FROM told t WHERE t.id = p.id",
        [json.dumps("none").encode()],
    )


def _open_row(cursor: Any, row: Any) -> None:
    for field in sealed_fields(type(row)):
        if isinstance(row.__dict__[field.attname], Sealed):
            plain = json.dumps(getattr(row, field.attname)).encode()
            cursor.execute(f"UPDATE {SCHEMA}.{row._meta.db_table} SET {field.column} = %s WHERE id = %s", [plain, row.pk])


def _index(cursor: Any) -> None:
    """Names by their words, numbers by themselves."""
    cursor.execute(
        f"""
        ALTER TABLE {SCHEMA}.persons_person ADD plain_number text, ADD plain_text tsvector;
        UPDATE {SCHEMA}.persons_person SET plain_number = convert_from(identity_number, 'UTF8')::json #>> '{{}}',
            plain_text = to_tsvector('simple', convert_from(name, 'UTF8')::json #>> '{{}}');
        CREATE INDEX ON {SCHEMA}.persons_person USING gin (plain_text);
        CREATE UNIQUE INDEX ON {SCHEMA}.persons_person (plain_number);
        """
    )


def connect_as(secrets: Mapping[str, Any], *, schema: str = "public") -> None:
    """From now on this process speaks to the database as that face does."""
    connection.close()
    connection.settings_dict.update(dj_database_url.parse(secrets["database_url"], conn_max_age=60))
    connection.settings_dict["OPTIONS"] |= {"options": f"-c search_path={schema},public"}


@contextmanager
def bare() -> Iterator[None]:
    """Without seals, keys, the record, and telling the database who acts."""
    nothing = SimpleNamespace(objects=SimpleNamespace(create=lambda **_given: None))
    with ExitStack() as without:
        without.enter_context(patch.object(SealedField, "open", lambda _field, plain, _row: json.loads(plain)))
        without.enter_context(patch.object(access, "unlock", lambda *_given: None))
        without.enter_context(patch.object(record, "Entry", nothing))
        without.enter_context(patch.object(acting, "_tell", lambda: None))
        without.enter_context(patch.object(queries, "named", _named))
        without.enter_context(patch.object(queries, "known", _known))
        for asking in (queries, actions):
            without.enter_context(patch.object(asking, "fingerprint", lambda number, zone: number.encode()))
        without.enter_context(patch.object(queries, "with_identity_number", _with_number))
        yield


def _named(typed: str, *, user: User) -> QuerySet[Person]:
    words = " & ".join(f"{word}:*" for word in typed.split())
    return queries.visible_to(user).extra(where=["plain_text @@ to_tsquery('simple', %s)"], params=[words])


def _with_number(number: str, *, user: User, on: date) -> Person | None:
    return queries.visible_to(user).extra(where=["plain_number = %s"], params=[number]).first()


def _known(index: bytes) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM persons_person WHERE plain_number = %s", [index.decode()])
        return cursor.fetchone()[0]
