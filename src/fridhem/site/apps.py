from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class SiteConfig(AppConfig):
    name = "fridhem.site"
    label = "site"

    def ready(self) -> None:
        """Let Django know of our checks; what asks of sign-ins isn't loaded by the face that knows nobody."""
        import_module("fridhem.site.checks")
        if settings.FRIDHEM_FACE != "public":
            import_module("fridhem.site.opening")
