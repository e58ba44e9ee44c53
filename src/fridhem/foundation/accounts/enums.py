from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person at the municipality is trusted with."""

    RECEPTION = "reception", _("Reception social worker")
    CASEWORKER = "caseworker", _("Caseworker")
    TEAM_LEADER = "team_leader", _("Team leader")
    PERSONAL_CONTACT = "personal_contact", _("Personal contact")
    PROCESS_OWNER = "process_owner", _("Process owner")
    STRATEGIST = "strategist", _("Strategist")
    SECRETARY = "secretary", _("Board secretary")
    COUNCILLOR = "councillor", _("Councillor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    PRIVACY_OFFICER = "privacy_officer", _("Data protection officer")


class Zone(models.TextChoices):
    """The walls around each kind of secret: keys, tables and pages follow them.

    A zone opens a door, not every drawer: who needs to know of one case is asked by the room that has it.
    """

    INTAKE = "intake", _("Intake")
    CASE = "case", _("Case")
    PROTECTED = "protected", _("Protected")
    AUDIT = "audit", _("Audit")
    STATISTICS = "statistics", _("Statistics")


ZONES_OF: dict[str, frozenset[str]] = {
    Role.RECEPTION: frozenset({Zone.INTAKE, Zone.CASE}),
    Role.CASEWORKER: frozenset({Zone.CASE, Zone.PROTECTED}),
    Role.TEAM_LEADER: frozenset({Zone.INTAKE, Zone.CASE, Zone.PROTECTED}),
    Role.PERSONAL_CONTACT: frozenset({Zone.CASE}),
    Role.PROCESS_OWNER: frozenset(),
    Role.STRATEGIST: frozenset({Zone.STATISTICS}),
    Role.SECRETARY: frozenset(),
    Role.COUNCILLOR: frozenset(),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
    Role.PRIVACY_OFFICER: frozenset({Zone.AUDIT}),
}
