from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class SupportConfig(AppConfig):
    """Support without a needs assessment, anonymous contacts, and whom to call."""

    name = "fridhem.rooms.support"
    label = "support"
    grants = Grants(public={})
