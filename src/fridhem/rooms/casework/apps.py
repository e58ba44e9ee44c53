from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "fridhem.rooms.casework"
    label = "casework"
