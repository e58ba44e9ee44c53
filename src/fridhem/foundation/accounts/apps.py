from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "fridhem.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hear of keys where people sign in. The public face knows nobody, and doesn't load what signing in needs."""
        if settings.FRIDHEM_FACE != "public":
            import_module("fridhem.foundation.accounts.receivers")
