from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(models.TextChoices):
    """Why a file was refused, or is held apart; the words tell the one who sent it what to do."""

    EMPTY = "empty", _("The file is empty.")
    TOO_LARGE = "too_large", _("The file is too large, or unpacks to something too large.")
    NOT_ACCEPTED = "not_accepted", _("Files of this kind aren't taken in. Save it as PDF and try again.")
    ARCHIVE = "archive", _("Packed files (such as ZIP) aren't taken in. Unpack it and add the files one by one.")
    ENCRYPTED = "encrypted", _("The file is locked with a password. Save it without one and try again.")
    MACROS = "macros", _("The file has macros, which can harm. Save it as PDF and try again.")
    ACTIVE = "active", _("The file can run as a program (HTML, SVG or XML). Save it as PDF and try again.")
    BROKEN = "broken", _("The file is broken. Open it, save it again and try once more.")
    TOO_HEAVY = "too_heavy", _("The file took too long to read. Save it as PDF with fewer pages and try again.")
    FLAGGED = "flagged", _("The virus scanner warned of the file.")
    UNSCANNED = "unscanned", _("The virus scanner doesn't answer. The file is looked at again when it does.")


class Status(models.TextChoices):
    """Whether a file may be opened."""

    CLEAN = "clean", pgettext_lazy("file", "Cleaned")
    HELD = "held", pgettext_lazy("file", "Held apart")
    OPENED = "opened", pgettext_lazy("file", "Reviewed original")
    REMOVED = "removed", pgettext_lazy("file", "Removed")


class Removed(models.TextChoices):
    """What a cleaned file no longer carries."""

    PROPERTIES = "properties", _("author, program and other properties")
    PLACE = "place", _("where the picture was taken")
    COMMENTS = "comments", _("comments")
    CHANGES = "changes", _("tracked changes")
    SCRIPTS = "scripts", _("scripts")
    ATTACHMENTS = "attachments", _("embedded files")
    LINKS = "links", _("links")
    FORMS = "forms", _("form fields (what was filled in is left as text)")
    FORMULAS = "formulas", _("formulas (their values are left)")
    PICTURES = "pictures", _("pictures of kinds that can't be cleaned")
    ANIMATION = "animation", _("all but the first picture of an animation")
