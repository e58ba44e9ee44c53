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


class Entrance(models.TextChoices):
    """How a session was opened: what it may open follows from it."""

    PASSKEY = "passkey", _("Passkey")
    PROVIDER_STRONG = "provider_strong", _("The municipality's sign-in, with a key that can't be phished")
    PROVIDER = "provider", _("The municipality's sign-in")
    TOTP = "totp", _("Password and a code from an app")
    PASSWORD = "password", _("Password")
    ONE_TIME_CODE = "one_time_code", _("One-time code from the administrator")
    DEMONSTRATION = "demonstration", _("One click in the demonstration")


# Only these open the protected zone: nothing that can be said on the phone or typed on a false page does.
STRONG: frozenset[str] = frozenset({Entrance.PASSKEY, Entrance.PROVIDER_STRONG, Entrance.DEMONSTRATION})
