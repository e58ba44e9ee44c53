"""Alerts: raised in the transaction of what caused them, and never taken back."""

import pytest
from django.db import connection
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.alerts import alert
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert
from tests.factories import accounts

pytestmark = pytest.mark.django_db


def test_an_alert_says_what_about_whom_to_whom():
    now, colleague = timezone.now(), accounts.user()

    raised = alert(
        AlertKind.BREAK_GLASS,
        subject=colleague.unit,
        about_user=colleague,
        at=now,
        roles=[Role.TEAM_LEADER, Role.PRIVACY_OFFICER],
        unit=colleague.unit_id,
    )

    raised.refresh_from_db()
    assert (raised.kind, raised.subject_kind, raised.subject) == ("break_glass", "accounts.unit", colleague.unit_id)
    assert (raised.about_user, raised.unit, raised.at) == (colleague.pk, colleague.unit_id, now)
    assert raised.roles == ["privacy_officer", "team_leader"]


def test_an_alert_to_nobody_or_of_no_kind_is_refused():
    with pytest.raises(ValueError):
        alert(AlertKind.BREAK_GLASS, subject=None, about_user=None, at=timezone.now(), roles=[])
    with pytest.raises(ValueError):
        alert("fire", subject=None, about_user=None, at=timezone.now(), roles=[Role.TEAM_LEADER])

    assert not Alert.objects.exists()


@pytest.mark.parametrize("table", ["audit_alert", "audit_acknowledgement"])
@pytest.mark.parametrize("role", ["fridhem_staff", "fridhem_worker"])
def test_no_serving_role_may_change_or_remove(table, role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(p) FILTER (WHERE has_table_privilege(%s, %s, p)) "
            "FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER']) p",
            [role, table],
        )

        assert cursor.fetchone()[0] == ["SELECT", "INSERT"]
