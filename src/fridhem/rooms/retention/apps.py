from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.database.roles import Grants


class RetentionConfig(AppConfig):
    """How long matters are kept, and how they are destroyed: by two people, with proof."""

    name = "fridhem.rooms.retention"
    label = "retention"
    grants = Grants(public={}, append_only=["retention_proof"])

    def ready(self) -> None:
        """Leave out of the whole file what is about how long it's kept: that register is retention's."""
        from fridhem.rooms.casework import slots  # noqa: PLC0415  (models can be imported from here on)

        left_out = {"retention.Hold": slots.LeftOut("elsewhere", _("That the case mustn't be destroyed yet, and why"))}
        slots.own_file.fill("retention", slots.Filing(left_out=left_out))
