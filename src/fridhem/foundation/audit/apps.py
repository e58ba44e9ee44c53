from django.apps import AppConfig

from fridhem.foundation.database.roles import Grants


class AuditConfig(AppConfig):
    name = "fridhem.foundation.audit"
    label = "audit"
    grants = Grants(
        public={},
        append_only=["audit_entry", "audit_alert", "audit_acknowledgement"],
        only={"audit_link": "SELECT", "audit_tail": "", "audit_unlinked": ""},
    )
