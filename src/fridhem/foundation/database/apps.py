from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "fridhem.foundation.database"
    label = "database"
