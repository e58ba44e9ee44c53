from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """The municipality's core processes."""

    name = "fridhem.rooms.processes"
    label = "processes"
