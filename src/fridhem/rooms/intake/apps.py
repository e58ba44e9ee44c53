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
