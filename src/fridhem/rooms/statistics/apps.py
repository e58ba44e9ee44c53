from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Facts become figures that betray nobody."""

    name = "fridhem.rooms.statistics"
    label = "statistics"
