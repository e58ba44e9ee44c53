from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class RetentionConfig(AppConfig):
    """How long matters are kept, and how they are destroyed: by two people, with proof."""

    name = "fridhem.rooms.retention"
    label = "retention"
    grants = Grants(public={}, append_only=["retention_proof"])
