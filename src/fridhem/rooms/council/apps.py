from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "fridhem.rooms.council"
    label = "council"
