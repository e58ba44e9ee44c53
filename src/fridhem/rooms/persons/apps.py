from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "fridhem.rooms.persons"
    label = "persons"
