from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases on core processes."""

    name = "fridhem.rooms.casework"
    label = "casework"
