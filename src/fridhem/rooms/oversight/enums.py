from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Flag(models.TextChoices):
    """What makes a reading worth a question."""

    OUTSIDE = "outside", _("Doesn't work with the case")
    NIGHT = "night", _("At night")
    PROTECTED = "protected", _("A protected detail")
    MANY = "many", _("Opened many that day")


class Answer(models.TextChoices):
    """Why a colleague opened something. Codes only: a free text would be another text about the person."""

    MY_CASE = "my_case", _("I work with the case, or was about to")
    STOOD_IN = "stood_in", _("I stood in for a colleague")
    ASKED = "asked", _("The person or a colleague asked me for something")
    EMERGENCY = "emergency", _("It was urgent")
    MISTAKE = "mistake", _("By mistake: I opened the wrong one")
    IN_PERSON = "in_person", _("I'd rather explain in person")


class Outcome(models.TextChoices):
    """What the reviewer made of it."""

    FINE = "fine", _("Fine: it belonged to the work")
    EXPLAINED = "explained", _("Talked through")
    TO_MANAGER = "to_manager", _("Handed over to the manager")
    BREACH = "breach", _("Personal data breach: to be reported")


class Standing(models.TextChoices):
    """Where a question stands."""

    ASKED = "asked", _("Waits for the colleague")
    ANSWERED = "answered", _("Waits for you")
    DECIDED = "decided", _("Finished")


# What a verb of the record means to whoever reads it. One that isn't here is shown as it stands.
WORDS: dict[str, str | Promise] = {
    "casework.case.opened": _("opened a case"),
    "casework.case.read": _("read the case"),
    "casework.step.read": _("read a step"),
    "casework.step.done": _("finished a step"),
    "casework.event.raised": _("let the process know what had happened"),
    "casework.note.written": _("wrote in the journal"),
    "casework.section.written": _("wrote in the investigation"),
    "casework.section.signed": _("signed a section of the investigation"),
    "casework.section.read": _("read a section of the investigation"),
    "casework.investigation.taken_out": _("took out the whole investigation to print it"),
    "casework.intervention.granted": _("granted an intervention"),
    "casework.intervention.ended": _("ended an intervention"),
    "casework.case.assigned": _("put a colleague on the case"),
    "casework.case.changed_hands": _("handed the case over to a colleague"),
    "casework.step.given": _("said who does a step"),
    "casework.step.handed_back": _("handed a step back"),
    "casework.delegation.used": _("decided by delegation"),
    "casework.delegation.given": _("delegated decisions"),
    "casework.delegation.ended": _("took a delegation back"),
    "casework.absence.said": _("said who stands in"),
    "casework.absence.ended": _("ended a standing in"),
    "casework.case.identified": _("said who the case is about"),
    "casework.case.closed": _("closed the case"),
    "casework.document.added": _("added a document"),
    "casework.document.read": _("read a document"),
    "casework.document.taken_out": _("saved a document outside Fridhem"),
    "intake.inbox.listed": _("read the inbox"),
    "intake.concern.read": _("read a concern"),
    "intake.concern.assessing": _("took a concern to assess"),
    "intake.concern.answered": _("answered a concern"),
    "intake.concern.protection_assessed": _("assessed the need of protection"),
    "intake.concern.taken_up": _("took up a concern"),
    "intake.concern.handed_over": _("handed over a concern"),
    "intake.concern.closed": _("closed a concern"),
    "persons.person.registered": _("registered a person"),
    "persons.person.looked_up": _("searched for a person by number"),
    "persons.persons.searched": _("searched for people by name"),
    "persons.person.revealed": _("looked at name and number"),
    "persons.person.protected": _("changed the protection"),
    "persons.detail.revealed": _("looked at a protected detail"),
    "persons.detail.added": _("added a protected detail"),
    "persons.detail.ended": _("ended a protected detail"),
    "persons.relation.made": _("said who is related"),
    "persons.relation.removed": _("took away a relation"),
    "site.page.shown": _("saw the names on a page"),
    "accounts.user.signed_in": _("signed in"),
    "accounts.user.signed_out": _("signed out"),
    "oversight.record.read": _("read the record"),
    "oversight.extract.made": _("made an extract from the record"),
    "audit.history.forgotten": _("removed history after a disposal"),
}
