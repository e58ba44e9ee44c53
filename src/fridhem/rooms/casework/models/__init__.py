"""What is stored of cases: a case and its parts, who may reach it, who stands in, its process, what stays when it's gone."""

from fridhem.rooms.casework.models.access import BreakGlass, NeedToKnow, Wall
from fridhem.rooms.casework.models.case import (
    DONE_LATE,
    Assignment,
    Case,
    CaseDocument,
    Intervention,
    InterventionReason,
    Note,
    Step,
)
from fridhem.rooms.casework.models.counts import ContactCount, DisposedCount
from fridhem.rooms.casework.models.decision import Decision, RefusalReason
from fridhem.rooms.casework.models.limits import Extension
from fridhem.rooms.casework.models.link import CaseLink
from fridhem.rooms.casework.models.process import Move, ProcessEvent
from fridhem.rooms.casework.models.section import Section
from fridhem.rooms.casework.models.standing_in import Absence, Delegation

__all__ = [
    "DONE_LATE", "Absence", "Assignment", "BreakGlass", "Case", "CaseDocument", "CaseLink", "ContactCount", "Decision",
    "Delegation", "DisposedCount", "Extension", "Intervention", "InterventionReason", "Move", "NeedToKnow", "Note",
    "ProcessEvent", "RefusalReason", "Section", "Step", "Wall",
]  # fmt: skip
