from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class ReviewsConfig(AppConfig):
    """Internal control: a sample of cases held against the routine."""

    name = "fridhem.rooms.reviews"
    label = "reviews"
    grants = Grants(public={})
