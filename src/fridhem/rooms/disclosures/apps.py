from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class DisclosuresConfig(AppConfig):
    """What leaves the house about someone: checked, decided, written down."""

    name = "fridhem.rooms.disclosures"
    label = "disclosures"
    grants = Grants(
        public={},
        append_only=["disclosures_disclosure", "disclosures_file", "disclosures_allowance", "disclosures_departure"],
        worker_functions=[
            "disclosures_destroy_disclosures(uuid[])",
            "disclosures_destroy_files(uuid[])",
            "disclosures_destroy_allowances(uuid[])",
            "disclosures_destroy_departures(uuid[])",
        ],
    )

    def ready(self) -> None:
        """Show on a case page what has been disclosed, and say it in the whole file."""
        from fridhem.rooms.casework import slots  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.disclosures import queries  # noqa: PLC0415
        from fridhem.rooms.disclosures.queries import own_file  # noqa: PLC0415

        slots.case_page.fill("disclosures", queries.panel_of_case)
        slots.own_file.fill("disclosures", slots.Filing(own_file.chapters_of_case, own_file.LEFT_OUT))
