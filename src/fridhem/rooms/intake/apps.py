from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class IntakeConfig(AppConfig):
    """Concerns: the public form and mailbox, and the staff's inbox."""

    name = "fridhem.rooms.intake"
    label = "intake"
    grants = Grants(
        public={"intake_concern": "INSERT", "intake_message": "INSERT", "intake_public_text": "SELECT"},
        public_functions=["intake_mailbox(bytea)"],
    )

    def ready(self) -> None:
        """Show on a case page that the case began with a concern; say in the whole file that it came in, never what it says."""
        from fridhem.rooms.casework import slots  # noqa: PLC0415  (models can be imported from here on)
        from fridhem.rooms.intake import queries  # noqa: PLC0415

        slots.case_page.fill("intake", queries.panel_of_case)
        slots.own_file.fill("intake", slots.Filing(queries.chapters_of_case, queries.LEFT_OUT))
