from django.db import models
from django.utils.translation import gettext_lazy as _


class Protection(models.TextChoices):
    """Why a person's data is protected. `local` is the municipality's own mark, while the others are decided elsewhere."""

    NONE = "none", _("Not protected")
    CONFIDENTIALITY_MARKING = "confidentiality_marking", _("Confidentiality marking")
    PROTECTED_REGISTRATION = "protected_registration", _("Protected registration")
    FICTITIOUS = "fictitious", _("Fictitious personal data")
    LOCAL = "local", _("Protected by the municipality")


class RelationKind(models.TextChoices):
    """Who someone is to a person. Our own list: there is no national one."""

    PARTNER = "partner", _("Partner")
    FORMER_PARTNER = "former_partner", _("Former partner")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Sibling")
    OTHER_KIN = "other_kin", _("Other relative")
    IN_LAW = "in_law", _("In-law")
    EXTENDED_FAMILY_NETWORK = "extended_family_network", _("Extended family network")
    OTHER_CLOSE = "other_close", _("Other close person")
    UNKNOWN = "unknown", _("Unknown")


class RecusalGround(models.TextChoices):
    """Why someone on the staff may not handle a person (jäv)."""

    SELF = "self", _("It is me")
    HOUSEHOLD = "household", _("Someone in my household")
    KIN = "kin", _("A relative")
    CLOSE = "close", _("A friend, neighbour or someone else close")
    ADVERSE = "adverse", _("Someone I am in conflict with")


class RevealReason(models.TextChoices):
    """Why protected data was looked at: goes into the audit log with who and when."""

    CONTACT = "contact", _("I need to reach the person")
    DECISION = "decision", _("I'm writing a decision or a document")
    EMERGENCY = "emergency", _("Danger to life or health")
    CHECK = "check", _("I'm checking that the data is right")


class DetailKind(models.TextChoices):
    """What could lead someone to a person. Each is a row of its own, so that each is opened alone."""

    ADDRESS = "address", _("Address")
    PHONE = "phone", _("Telephone")
    SCHOOL = "school", _("School or preschool")
    WORKPLACE = "workplace", _("Workplace")
    NEW_NAME = "new_name", _("New name")
    OTHER = "other", _("Other detail")
