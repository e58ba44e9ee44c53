"""Every app's own declaration of what the database roles may do, put together."""

from django.apps import apps
from django.db import connection

from fridhem.foundation.database.roles import Grants, apply_grants


def declared() -> list[Grants]:
    """The `grants` of every installed app that has them."""
    found = (getattr(config, "grants", None) for config in apps.get_app_configs())
    return [grants for grants in found if isinstance(grants, Grants)]


def apply() -> None:
    """Bring the connected database's privileges in line with what the apps declare."""
    connection.ensure_connection()
    apply_grants(connection.connection, declared())
