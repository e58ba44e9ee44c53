from django.apps import AppConfig
from pghistory.core import event_models

from fridhem.foundation.database.roles import Grants


class AuditConfig(AppConfig):
    name = "fridhem.foundation.audit"
    label = "audit"

    @property
    def grants(self) -> Grants:
        """The record grows and is read; the chain is the database's own; history only grows, and is read by the owner."""
        history = {model._meta.db_table: "INSERT" for model in event_models()}
        return Grants(
            public={},
            append_only=["audit_entry", "audit_alert", "audit_acknowledgement"],
            only={"audit_link": "SELECT", "audit_tail": "", "audit_unlinked": "", **history},
            worker_functions=["audit_forget_history(uuid[], text)"],
        )
