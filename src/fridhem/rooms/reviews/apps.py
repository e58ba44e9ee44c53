from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.database.roles import Grants


class ReviewsConfig(AppConfig):
    """Internal control: a sample of cases held against the routine."""

    name = "fridhem.rooms.reviews"
    label = "reviews"
    grants = Grants(public={})

    def ready(self) -> None:
        """Say why a review of a case isn't in the whole file of it: it's a register of its own."""
        from fridhem.rooms.casework import slots  # noqa: PLC0415  (models can be imported from here on)

        left_out = {"reviews.DrawnCase": slots.LeftOut("elsewhere", _("What an internal control of the case said"))}
        slots.own_file.fill("reviews", slots.Filing(left_out=left_out))
