from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "fridhem.rooms.intake"
    label = "intake"
