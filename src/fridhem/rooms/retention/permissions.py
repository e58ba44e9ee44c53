"""Who may: one proposes, another approves, and whoever protects people may stop it.

The privacy officer watches and may stop a disposal, but decides on none: who decides can't be the one who checks
(the General Data Protection Regulation, article 38.6).
"""

from django.utils.translation import gettext as _

from fridhem.foundation.accounts.enums import Role, Zone
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.predicates import has_role, in_zone
from fridhem.pure.refusals import Denied

# Who sees what is kept and due, by number; who sees the proof; who does what with a list.
may_see = has_role(Role.ADMINISTRATOR, Role.TEAM_LEADER, Role.PRIVACY_OFFICER)
may_see_proof = may_see | has_role(Role.AUDITOR)
may_propose = has_role(Role.ADMINISTRATOR)
may_approve = has_role(Role.TEAM_LEADER)
may_exclude = may_propose | may_approve
# Who puts a legal hold, who lifts it, and who reads why, in words: they may tell about the case.
may_hold = has_role(Role.TEAM_LEADER, Role.PRIVACY_OFFICER)
may_lift = has_role(Role.TEAM_LEADER)
may_read_words = may_lift & in_zone(Zone.CASE)


def check_may_see(user: User) -> None:
    """Raises `Denied`."""
    if not may_see(user):
        raise Denied(_("What is kept and disposed of is seen by administrators, team leaders and the data protection officer."))


def check_may_see_proof(user: User) -> None:
    """Raises `Denied`."""
    if not may_see_proof(user):
        raise Denied(_("The proof is seen by administrators, team leaders, auditors and the data protection officer."))


def check_may_propose(user: User) -> None:
    """Raises `Denied`."""
    if not may_propose(user):
        raise Denied(_("Disposal is proposed by an administrator."))


def check_may_approve(user: User) -> None:
    """Raises `Denied`."""
    if not may_approve(user):
        raise Denied(_("Disposal is approved by a team leader."))


def check_may_exclude(user: User) -> None:
    """Raises `Denied`."""
    if not may_exclude(user):
        raise Denied(_("Lines are taken out by the administrator who proposes or the team leader who approves."))


def check_may_hold(user: User) -> None:
    """Raises `Denied`."""
    if not may_hold(user):
        raise Denied(_("A legal hold is put by a team leader or the data protection officer."))


def check_may_lift(user: User) -> None:
    """Raises `Denied`."""
    if not may_lift(user):
        raise Denied(_("A legal hold is lifted by a team leader."))
