"""Someone reached for what is shut to them, since it's about them or someone close (jäv): the leaders hear of it."""

from datetime import datetime

from django.db import models, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.record import record


@transaction.atomic
def tell_of_conflict(subject: models.Model | None, *, by: User, at: datetime) -> None:
    """Record that `by` reached for `subject` (a case, a concern, a recusal), and raise an alert to every team leader."""
    record("accounts.conflict.tried", subject=subject, by=by, at=at)
    alert(AlertKind.CONFLICT, subject=subject, about_user=by, at=at, roles=[Role.TEAM_LEADER])
