from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "fridhem.site"
    label = "site"

    def ready(self) -> None:
        """Let Django know of our checks."""
        import_module("fridhem.site.checks")
