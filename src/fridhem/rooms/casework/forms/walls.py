"""To whom a case is shut, and why it's opened all the same."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import permissions, queries
from fridhem.rooms.casework.enums import Emergency, ReviewOutcome, WallGround
from fridhem.rooms.casework.forms.fields import IdentityNumberField, text_field
from fridhem.rooms.persons.enums import RecusalGround


class EmergencyForm(forms.Form):
    """Why a case must be opened now."""

    reason = forms.ChoiceField(label=_("What has happened?"), choices=Emergency.choices, widget=Radios())
    words = text_field(_("In your own words"), _("Why can't it wait, and whom have you tried to reach?"), rows=4)


class EmergencyReviewForm(forms.Form):
    """What the review of an emergency opening came to."""

    outcome = forms.ChoiceField(label=_("Was the opening right?"), choices=ReviewOutcome.choices, widget=Radios())
    words = text_field(_("What you found"), rows=4)


class WallForm(forms.Form):
    """To whom a case is shut, and why."""

    ground = forms.ChoiceField(label=_("Why?"), choices=WallGround.choices, widget=Radios())
    field_order = ("user", "ground")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ModelChoiceField(queries.others(by), label=_("Colleague"), empty_label=_("Choose"))
        self.order_fields(self.field_order)


class RecusalForm(forms.Form):
    """Whom a colleague must not handle, and why. A leader says it of the unit's colleagues too."""

    ground = forms.ChoiceField(label=_("What are you to each other?"), choices=RecusalGround.choices, widget=Radios())
    field_order = ("user", "identity_number", "ground")

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if permissions.leads_cases(by):
            whose = queries.at_the_unit(by)
            self.fields["user"] = forms.ModelChoiceField(whose, label=_("Whose conflict is it?"), initial=by, empty_label=None)
        number = _("The number isn't kept: only a mark, by which the person's cases are shut.")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=_("Personal identity number"), help_text=number)
        self.order_fields(self.field_order)
