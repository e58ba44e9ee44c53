"""What several forms ask for."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.pure import identity
from fridhem.rooms.casework import catalogue

LONGEST_TEXT = 20_000


BY_ROUTINE = _("Leave it empty and the day is set by the routine for that intervention.")


def text_field(label: Any, hint: Any = "", *, required: bool = True, rows: int = 8) -> forms.CharField:
    """Several lines, for what is kept sealed."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_TEXT, required=required, widget=widget)


def line_field(label: Any, hint: Any = "", **given: Any) -> forms.CharField:
    """One line that the browser doesn't remember."""
    return forms.CharField(label=label, help_text=hint, max_length=200, widget=forms.TextInput({"autocomplete": "off"}), **given)


def codes_on(name: str, on: date) -> list[tuple[str, str]]:
    """The codes of a list that may be chosen on a day, with their words in the reader's language."""
    return catalogue.codes(name).choices_on(on, get_language() or "sv")


def send_again(form: forms.Form, name: str, value: str) -> None:
    """Let the form come back with another value in a hidden field, and all that was typed as it was."""
    sent = form.data.copy()  # type: ignore[attr-defined]  # what was sent is a QueryDict
    sent[name] = value
    form.data = sent


def choose(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Give a field its choices, which depend on the day."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class IdentityNumberField(forms.CharField):
    """Ten or twelve digits; gives them back as they were typed, once they have been read."""

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.today = today
        self.widget.attrs |= {"class": "govuk-input--width-20", "autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value: Any) -> str:
        """The number as yyyymmdd-nnnn, or empty when it isn't required and isn't there."""
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return str(identity.parse(typed, on=self.today))
        except identity.NotAnIdentityNumber:
            raise ValidationError(
                _("That isn't a personal identity number or a coordination number. Check the digits.")
            ) from None


class DecisionField(forms.ModelChoiceField):
    """A decision to choose, in words."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{date_format(obj.decided_on, 'j b Y')}, {catalogue.label('outcomes', obj.outcome, get_language() or 'sv')}"
