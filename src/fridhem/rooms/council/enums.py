from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentKind(models.TextChoices):
    """The kinds that the reader tells apart, by its own words."""

    MOTION = "motion", pgettext_lazy("council", "Motion")
    INTERPELLATION = "interpellation", _("Interpellation")
    NOTICE = "kallelse", _("Notice of meeting")
    MEMO = "tjansteskrivelse", _("Official memo")
    STATEMENT = "yttrande", pgettext_lazy("council", "Statement")
    REFERRAL = "remiss", pgettext_lazy("council", "Referral")
    ASSIGNMENT = "regeringsuppdrag", _("Government assignment")
    MINUTES = "protokollsutdrag", pgettext_lazy("council", "Minutes")
    PLAN = "handlingsplan", _("Action plan")
    GUIDELINE = "riktlinje", _("Guideline")
    AUDIT_LETTER = "revisionsskrivelse", _("Audit letter")
    AUDIT_ANSWER = "revisionssvar", _("Answer to the auditors")
    PROGRAMME = "partiprogram", _("Party programme")
    ARTICLE = "debattartikel", _("Opinion article")
    UNKNOWN = "unknown", _("Unknown kind")


class MatterKind(models.TextChoices):
    MOTION = "motion", pgettext_lazy("council", "Motion")
    INITIATIVE = "initiative", _("Member's initiative")
    INTERPELLATION = "interpellation", _("Interpellation")
    AUDIT = "audit", pgettext_lazy("council", "Audit")
    REFERRAL = "referral", pgettext_lazy("council", "Referral")
    ASSIGNMENT = "assignment", _("Government assignment")
    PLAN = "plan", _("Plan or guideline")
    OTHER = "other", _("Other matter")


class MatterStatus(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("council", "Received")
    PREPARED = "prepared", pgettext_lazy("council", "Being prepared")
    DECIDED = "decided", pgettext_lazy("council", "Decided")


class Stance(models.TextChoices):
    """What a decision does to its own object."""

    APPROVE = "approve", _("Approves")
    REJECT = "reject", _("Rejects")
    ANSWERED = "answered", _("Deems answered")
    NOTED = "noted", pgettext_lazy("council", "Notes")
    OTHER = "other", _("Other decision")


class DecisionStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("council", "Proposed")
    DECIDED = "decided", pgettext_lazy("council", "Decided")


class NumberRole(models.TextChoices):
    """Whose number it is, seen from the document that prints it."""

    OWN = "own", _("The issuing body's own")
    OTHER = "other", _("Someone else's")


class FindingKey(models.TextChoices):
    """What the reader finds, by its own keys, in the order that a person asks."""

    KIND = "document_type", _("Kind of document")
    TITLE = "title", pgettext_lazy("council", "Title")
    MUNICIPALITY = "municipality", _("Municipality")
    BODY = "body", pgettext_lazy("council", "Body")
    DATE = "date", pgettext_lazy("council", "Date")
    NUMBER = "diarienummer", _("Registry number")
    MOTION = "motion", _("Put by")
    DECISION = "proposed_decisions", pgettext_lazy("council", "Decision")


class Outcome(models.TextChoices):
    """What became of a file that was taken in."""

    TAKEN_IN = "taken_in", _("Taken in")
    KNOWN = "known", _("Was here already")
    EMPTY = "empty", _("The file is empty.")
    NO_TEXT = "no_text", _("There is no text in the file. Scanned pictures can't be read yet.")
    ENCRYPTED = "encrypted", _("The file is locked with a password. Save it without one and try again.")
    BROKEN = "broken", _("The file is broken.")
    TOO_LARGE = "too_large", _("The file is too large, or unpacks to something too large.")
    UNKNOWN_FORMAT = "unknown_format", _("The file is no PDF, Word document (DOCX) or plain text.")
    FLAGGED = "flagged", _("The virus scanner warned of the file. It isn't kept.")
    UNSCANNED = "unscanned", _("The virus scanner didn't answer. Hand over the file again later.")
    FAULT = "fault", _("Something went wrong when the file was read. Tell support which file it was.")


class IncomingStatus(models.TextChoices):
    """How far a file has come that was handed over."""

    WAITING = "waiting", pgettext_lazy("council", "Waits")
    READING = "reading", _("Being read")
    READ = "read", _("Taken in")
    KNOWN = "known", _("Was here already")
    FAILED = "failed", _("Not taken in")
