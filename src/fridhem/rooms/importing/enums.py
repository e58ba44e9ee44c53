from django.db import models
from django.utils.translation import pgettext_lazy as pgettext


class Status(models.TextChoices):
    """How far an extract has come."""

    UPLOADED = "uploaded", pgettext("extract", "Uploaded")
    IMPORTING = "importing", pgettext("extract", "Being imported")
    DONE = "done", pgettext("extract", "Imported")
    GONE = "gone", pgettext("extract", "Thrown away")
