"""What a letter tells."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fridhem.rooms.casework.forms.fields import DecisionField, text_field
from fridhem.rooms.casework.models import Decision


class LetterForm(forms.Form):
    """To whom a letter goes, what its writer adds, and which of `decisions` it tells of; None when it tells of none."""

    to = forms.CharField(
        label=_("Name of the one who gets the letter"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    words = text_field(_("In your own words"), required=False)
    field_order = ("to", "decision", "words")

    def __init__(self, *args: Any, hint: str, decisions: QuerySet[Decision] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = hint
        if decisions is not None:
            self.fields["decision"] = DecisionField(decisions, label=_("Which decision?"), empty_label=_("Choose"))
        self.order_fields(self.field_order)
