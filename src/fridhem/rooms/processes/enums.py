from django.db import models
from django.utils.translation import pgettext_lazy as pgettext

from fridhem.foundation.accounts.enums import Role

# The lanes of a core process, by the names that the municipality writes in its diagrams.
LANES: dict[str, str] = {
    "Mottaget": Role.RECEPTION,
    "Handläggare": Role.CASEWORKER,
    "Gruppledare": Role.TEAM_LEADER,
    "Personlig kontakt": Role.PERSONAL_CONTACT,
}
SIGNED = "signed"  # the value of a step's `sections`: it waits until each section of the investigation is signed


class Status(models.TextChoices):
    """How far an uploaded version has come."""

    DRAFT = "draft", pgettext("process", "Draft")
    PROPOSED = "proposed", pgettext("process", "Proposed")
    PUBLISHED = "published", pgettext("process", "Published")


class Kind(models.TextChoices):
    """What a version is of."""

    PROCESS = "process", pgettext("version", "Core process")
    TABLE = "table", pgettext("version", "Decision table")
