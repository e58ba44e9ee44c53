"""The form of a step, by the sheet that the process names."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.sheets import question_fields
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.casework import rules
from fridhem.rooms.casework.forms.fields import text_field


class StepForm(forms.Form):
    """The questions of a step's sheet, then what is written in the journal.

    `running`: interventions going on. `unsigned`: sections of the investigation that the step waits for. A step
    whose sheet no longer exists (None) can still be done: what was done is written.
    """

    def __init__(self, sheet: Sheet | None, *args: Any, running: int = 0, unsigned: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.running, self.unsigned = sheet, running, unsigned
        language = get_language() or "sv"
        self.fields |= question_fields(sheet)
        if sheet:
            self.fields["text"] = text_field(sheet.text.in_(language), sheet.hint.in_(language))
        else:
            self.fields["text"] = text_field(
                _("What was done"), _("The form of this step no longer exists. Write what was done in it.")
            )

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing written is lost."""
        cleaned = super().clean() or {}
        try:
            rules.check_needs(self.sheet, cleaned, running=self.running)
            rules.check_all_signed(self.unsigned)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return cleaned

    @property
    def answers(self) -> dict[str, str]:
        """The answers to the questions, by their codes."""
        return {question.name: self.cleaned_data[question.name] for question in (self.sheet.questions if self.sheet else ())}
