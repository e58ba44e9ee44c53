from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Council documents, and the matters that they make together."""

    name = "fridhem.rooms.council"
    label = "council"
