from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The design system: how pages look and behave alike."""

    name = "fridhem.design"
    label = "design"
