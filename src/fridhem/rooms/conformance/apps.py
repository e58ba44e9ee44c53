from django.apps import AppConfig


class ConformanceConfig(AppConfig):
    """How well the core processes are followed, in figures that betray nobody."""

    name = "fridhem.rooms.conformance"
    label = "conformance"
