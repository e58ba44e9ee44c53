"""The people of a case."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.rooms.casework.forms.fields import IdentityNumberField, line_field
from fridhem.rooms.persons.enums import DetailKind, Protection, RelationKind, RevealReason


class PersonForm(forms.Form):
    """Who someone is."""

    name = line_field(_("Name"))
    protection = forms.ChoiceField(label=_("Protected identity"), choices=Protection.choices, initial=Protection.NONE)

    field_order = ("kind", "name", "identity_number", "protection")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Leave it empty when you don't know it.")
        label = _("Personal identity number")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=label, required=False, help_text=hint)
        self.order_fields(self.field_order)


class RelateForm(PersonForm):
    """Someone more in the case."""

    kind = forms.ChoiceField(label=_("Who is it, to the one the case is about?"), choices=RelationKind.choices)


class ProtectForm(forms.Form):
    """What is known of the mark today isn't filled in: whoever sets it says it anew."""

    protection = forms.ChoiceField(label=_("Protected identity"), choices=Protection.choices, widget=Radios())


class DetailForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it?"), choices=DetailKind.choices, widget=Radios())
    value = line_field(
        _("The detail"), _("One at a time: an address with its postal code and town, a number, the name of a school.")
    )
    valid_from = forms.DateField(label=_("Since when?"), widget=forms.DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"valid_from": today}, **kwargs})


class ChangeDetailForm(forms.Form):
    value = line_field(_("The new detail"), _("The one that was stays in the history."))


class EndDetailForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=forms.DateInput())

    def __init__(self, *args: Any, today: date, valid_from: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"ended_on": today}, **kwargs})
        self.today, self.valid_from = today, valid_from

    def clean_ended_on(self) -> date:
        """It ends between its first day and today."""
        day = self.cleaned_data["ended_on"]
        if not self.valid_from <= day <= self.today:
            raise ValidationError(_("Write a day from the detail's first day until today."))
        return day


class RevealForm(forms.Form):
    """Why a protected detail is needed: a reason, and a line of one's own words."""

    reason = forms.ChoiceField(label=_("Why do you need to see it?"), choices=RevealReason.choices, widget=Radios())
    words = line_field(
        _("In your own words"),
        _("What are you going to do with it? Your team leader can read this."),
        error_messages={"required": _("Write what you are going to do with it.")},
    )
