"""What must hold before the staff face opens."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from fridhem.foundation.accounts import queries

NOT_HERE = (
    "FRIDHEM_DEMO lets anyone in as anyone, and this house wasn't made as a demonstration, or real people have moved in. "
    "Take FRIDHEM_DEMO away (`fridhem start --no-demo`)."
)


@register(Tags.database)
def demonstration_only(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """One-click sign-ins only where nobody real lives."""
    if not settings.FRIDHEM_DEMO or databases is None or not _is_migrated() or queries.is_demonstration():
        return []
    return [Error(NOT_HERE, id="fridhem.E002")]


def refuse_to_open() -> None:
    """Stop the process that would let anyone in. Raises `ImproperlyConfigured`."""
    if demonstration_only(databases=["default"]):
        raise ImproperlyConfigured(NOT_HERE)


def _is_migrated() -> bool:
    return "accounts_session" in connection.introspection.table_names()
