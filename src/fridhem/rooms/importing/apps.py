from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class ImportingConfig(AppConfig):
    """Finished cases of other systems, from their extracts."""

    name = "fridhem.rooms.importing"
    label = "importing"
    grants = Grants(public={})

    def ready(self) -> None:
        """Show on a case page which system the case came from, and its number there; say it in the whole file."""
        from fridhem.rooms.casework import slots  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.importing import queries  # noqa: PLC0415

        slots.case_page.fill("importing", queries.panel_of_case)
        slots.own_file.fill("importing", slots.Filing(queries.chapters_of_case, queries.LEFT_OUT))
