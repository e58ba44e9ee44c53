from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "fridhem.rooms.statistics"
    label = "statistics"
