"""What is stored of cases: the case and its parts, who may reach it, its process, and what stays when it's gone."""

from fridhem.rooms.casework.models.access import BreakGlass, NeedToKnow, Wall
from fridhem.rooms.casework.models.case import (
    Assignment,
    Case,
    CaseDocument,
    Intervention,
    InterventionReason,
    Note,
    Step,
)
from fridhem.rooms.casework.models.counts import DisposedCount
from fridhem.rooms.casework.models.decision import Decision, RefusalReason
from fridhem.rooms.casework.models.process import Move, ProcessEvent

__all__ = [
    "Assignment", "BreakGlass", "Case", "CaseDocument", "Decision", "DisposedCount", "Intervention", "InterventionReason", "Move",
    "NeedToKnow", "Note", "ProcessEvent", "RefusalReason", "Step", "Wall",
]  # fmt: skip
