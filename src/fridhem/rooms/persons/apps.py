from django.apps import AppConfig


class PersonsConfig(AppConfig):
    """Who people are."""

    name = "fridhem.rooms.persons"
    label = "persons"
