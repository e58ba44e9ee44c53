"""A case is opened, found and closed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.accounts.models import Unit
from fridhem.rooms.casework import catalogue, queries, rules
from fridhem.rooms.casework.enums import AgeGroup, CaseStatus, ClosingReason
from fridhem.rooms.casework.forms.fields import IdentityNumberField, choose, codes_on, text_field
from fridhem.rooms.processes import queries as processes


class OpenForm(forms.Form):
    """A case that somebody asks for at the desk or on the telephone; concerns come through the inbox."""

    process = forms.ChoiceField(label=_("Which process does the case follow?"), choices=[], widget=Radios())
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    age_group = forms.ChoiceField(label=_("Age group"), choices=AgeGroup.choices, widget=Radios(inline=True))
    district = forms.ChoiceField(label=_("District"), choices=[])
    summary = text_field(_("What has come in"))

    field_order = ("process", "name", "identity_number", "age_group", "district", "unit", "summary")

    def __init__(self, *args: Any, today: date, unit: Unit, **kwargs: Any) -> None:
        usual = {"process": rules.VINR_ADULT, "age_group": AgeGroup.ADULT, "unit": unit}
        super().__init__(*args, **{**kwargs, "initial": usual | kwargs.get("initial", {})})
        self.today = today
        choose(self, "process", [(definition.key, definition.name) for definition in processes.in_force(on=today)])
        self.fields["unit"] = forms.ModelChoiceField(queries.units(), label=_("Unit"), empty_label=_("Choose"))
        self.fields["identity_number"] = IdentityNumberField(
            today=today,
            label=_("Personal identity number"),
            required=False,
            help_text=_("Leave it empty when you don't know it."),
        )
        choose(self, "district", [("", _("Choose")), *codes_on("districts", today)])
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """A number without a name would register nobody; a process is for those that it's for."""
        cleaned = super().clean() or {}
        if cleaned.get("identity_number") and not cleaned.get("name"):
            self.add_error("name", _("Write the name of the person with this number."))
        process, age_group = cleaned.get("process"), cleaned.get("age_group")
        if process and age_group and not processes.is_for(process, age_group, on=self.today):
            self.add_error("age_group", _("This process isn't for that age group. Choose another of the two."))
        return cleaned


class OpenLinkedForm(OpenForm):
    """A case for someone in another: who it is, is known; the rest is filled in by what they are to the one that it's about."""

    def __init__(self, *args: Any, kind: catalogue.LinkKind, initial: dict[str, Any], **kwargs: Any) -> None:
        given = {"process": kind.process, "age_group": kind.age_group, **initial}
        super().__init__(*args, initial=given, **kwargs)
        del self.fields["name"], self.fields["identity_number"]


class FindForm(forms.Form):
    """A person's cases, by the exact number or by the name. Sent with POST: neither ever stands in an address."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number, name = _("Personal identity number"), _("Name")
        self.fields["identity_number"] = IdentityNumberField(today=today, label=number, required=False)
        self.fields["name"] = forms.CharField(
            label=name,
            max_length=200,
            required=False,
            help_text=_(
                "The first letters of each name, at least three. Only people in your own cases, and nobody who is protected."
            ),
            widget=forms.TextInput({"autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        """The one or the other: a number is exact, and a name beside it would only make fewer of one."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("identity_number")) == bool(cleaned.get("name")):
            raise ValidationError(_("Write a personal identity number or a name."))
        return cleaned


class SearchForm(forms.Form):
    """The list's filter; what isn't understood is left out."""

    q = forms.CharField(required=False, max_length=12)
    status = forms.ChoiceField(required=False, choices=[("", ""), *CaseStatus.choices])


class CloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is the case closed?"), choices=ClosingReason.choices, widget=Radios())
