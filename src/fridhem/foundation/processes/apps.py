from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "fridhem.foundation.processes"
    label = "engine"
