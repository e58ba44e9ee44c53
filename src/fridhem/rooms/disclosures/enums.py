from django.db import models
from django.utils.translation import gettext_lazy as _


class Recipient(models.TextChoices):
    """Who receives it, to the people of the matter. Decides what is held against the document (`codes/withheld.csv`)."""

    EXPOSED_PERSON = "exposed_person", _("The exposed person")
    GUARDIAN = "guardian", _("Guardian")
    OTHER_PARTY = "other_party", _("The other party")
    PERSON_USING_VIOLENCE = "person_using_violence", _("The person using violence")
    CLOSE_PERSON = "close_person", _("A close person")
    POLICE = "police", _("The police or a prosecutor")
    COURT = "court", _("A court")
    MUNICIPALITY = "municipality", _("A municipality that takes over the case")
    AUTHORITY = "authority", _("Another authority")
    HEALTH_CARE = "health_care", _("Health care")
    SCHOOL = "school", _("School or preschool")
    SHELTER = "shelter", _("The protected housing where the person lives")
    LANDLORD = "landlord", _("Landlord")
    PROVIDER = "provider", _("A provider of support")
    REPORTER = "reporter", _("The one who reported a concern")
    OTHER = "other", _("Someone else")


class Way(models.TextChoices):
    """How it left."""

    HANDED_OVER = "handed_over", _("Handed over in person")
    POST = "post", _("By post")
    SECURE_MESSAGE = "secure_message", _("By a secure digital channel")
    READ_HERE = "read_here", _("Read on the premises")


class State(models.TextChoices):
    """Where a disclosure stands; follows from what has been written down about it."""

    STOPPED = "stopped", _("Stopped")
    HALF_ALLOWED = "half_allowed", _("Stopped, one of two has allowed it")
    READY = "ready", _("May leave")
    LEFT = "left", _("Has left")


class ExportStatus(models.TextChoices):
    """How far the whole file of a case has come on its way out."""

    ORDERED = "ordered", _("Is being made")
    MADE = "made", _("Made, and to be checked")
    CHECKED = "checked", _("Checked")
    DESTROYED = "destroyed", _("Destroyed")


class Part(models.TextChoices):
    """Where in a file something was found."""

    TEXT = "text", _("the text")
    HEADER = "header", _("a header or footer")
    COMMENT = "comment", _("a comment")
    HIDDEN = "hidden", _("what isn't shown")
    METADATA = "metadata", _("the properties of the file")
    FILE_NAME = "file_name", _("the name of the file")
    LINK = "link", _("a link")
    FORM = "form", _("a form field")
    CELL = "cell", _("a cell")
    PICTURE = "picture", _("a picture")


class Unreadable(models.TextChoices):
    """Why something couldn't be checked."""

    BROKEN = "broken", _("The file is damaged.")
    ENCRYPTED = "encrypted", _("The file is locked with a password.")
    FORMAT = "format", _("We can't read that kind of file. Save it as PDF, DOCX or text.")
    PICTURE = "picture", _("A picture can't be read by the machine. Leave it out, or let two people look at it.")
    POSITION = "position", _("A picture tells where it was taken. Save it without that.")
    EARLIER_VERSIONS = "earlier_versions", _("The file holds earlier versions of itself. Save it as a new PDF.")
    HIDDEN_DATA = "hidden_data", _("The file holds something that no program shows. Save it anew.")
    TOO_LARGE = "too_large", _("The file is too large to be checked.")
    NO_TEXT = "no_text", _("A page has no text that can be read.")
    VALUE = "value", _("A protected detail couldn't be opened, so nothing can be held against it. Tell support.")
