"""Is the input well-formed? Not: is it allowed."""

from fridhem.rooms.casework.forms.cases import CloseForm, FindForm, OpenForm, OpenLinkedForm, SearchForm
from fridhem.rooms.casework.forms.decisions import DecideForm, ToldForm
from fridhem.rooms.casework.forms.documents import AddDocumentForm, HeldDocumentForm
from fridhem.rooms.casework.forms.interventions import EndForm, FollowUpForm, GrantForm
from fridhem.rooms.casework.forms.journal import AdditionForm, ChangeNoteForm, NoteForm, SignForm
from fridhem.rooms.casework.forms.letters import LetterForm
from fridhem.rooms.casework.forms.limits import AnswerExtensionForm, ExtendForm, LimitsForm, MissedForm, ReasonForm
from fridhem.rooms.casework.forms.links import LinkForm
from fridhem.rooms.casework.forms.moves import MoveForm
from fridhem.rooms.casework.forms.people import (
    ChangeDetailForm,
    DetailForm,
    EndDetailForm,
    PersonForm,
    ProtectForm,
    RelateForm,
    RevealForm,
)
from fridhem.rooms.casework.forms.sections import SectionForm
from fridhem.rooms.casework.forms.staffing import AbsenceForm, AssignForm, DelegationForm, GiveForm, HandOverForm, PeriodForm
from fridhem.rooms.casework.forms.steps import StepForm
from fridhem.rooms.casework.forms.walls import EmergencyForm, EmergencyReviewForm, RecusalForm, WallForm

__all__ = [
    "AbsenceForm", "AddDocumentForm", "AdditionForm", "AnswerExtensionForm", "AssignForm", "ChangeDetailForm",
    "ChangeNoteForm", "CloseForm", "DecideForm", "DelegationForm", "DetailForm", "EmergencyForm", "EmergencyReviewForm",
    "EndDetailForm", "EndForm", "ExtendForm", "FindForm", "FollowUpForm", "GiveForm", "GrantForm", "HandOverForm",
    "HeldDocumentForm", "LetterForm", "LimitsForm", "LinkForm", "MissedForm", "MoveForm", "NoteForm", "OpenForm",
    "OpenLinkedForm", "PeriodForm", "PersonForm", "ProtectForm", "ReasonForm", "RecusalForm", "RelateForm", "RevealForm",
    "SearchForm", "SectionForm", "SignForm", "StepForm", "ToldForm", "WallForm",
]  # fmt: skip
