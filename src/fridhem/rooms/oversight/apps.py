from django.apps import AppConfig


class OversightConfig(AppConfig):
    """That nobody reads what they needn't."""

    name = "fridhem.rooms.oversight"
    label = "oversight"
