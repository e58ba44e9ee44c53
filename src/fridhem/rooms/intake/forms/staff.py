"""What those who assess a concern fill in."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.accounts.models import User
from fridhem.pure import identity
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.casework.enums import AgeGroup, WallGround
from fridhem.rooms.intake import queries
from fridhem.rooms.intake.enums import CloseReason, Kind, Protection, Receiver
from fridhem.rooms.intake.rules import MAX_TEXT
from fridhem.rooms.persons.enums import Protection as ProtectedIdentity
from fridhem.rooms.processes import queries as processes


class _Colleagues(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:  # type: ignore[override]
        return f"{user.name}, {user.unit}"


def _districts() -> list[tuple[str, Any]]:
    return [("", _("Choose")), *casework.districts(on=timezone.localdate(), language=get_language() or "sv")]


def _processes() -> list[tuple[str, Any]]:
    return [("", _("By the routine")), *((one.key, one.name) for one in processes.in_force(on=timezone.localdate()))]


def _text(label: Any, *, rows: int = 5, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=MAX_TEXT, widget=forms.Textarea({"rows": rows, "autocomplete": "off"}), **given
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("What is it about?"), choices=Kind.choices, widget=Radios())


class AnswerForm(forms.Form):
    """A letter to the sender."""

    text = _text(
        _("Your answer"),
        help_text=_("Anyone who finds the receipt can read it. Write nothing about the person in question, and no name."),
    )

    def __init__(self, *args: Any, stops: Callable[[str], list[str]] = lambda text: [], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stops = stops

    def clean_text(self) -> str:
        """What the action would refuse is said here, so that nothing written is lost. `stops` says why a text may not leave."""
        reasons = self.stops(self.cleaned_data["text"])
        if reasons:
            raise ValidationError(reasons)
        return self.cleaned_data["text"]


class ProtectionForm(forms.Form):
    """The immediate protection assessment."""

    outcome = forms.ChoiceField(label=_("Is there need of protection now?"), choices=Protection.choices, widget=Radios())
    note = _text(_("On what do you base it?"))


class TakeUpForm(forms.Form):
    """What the case needs to begin."""

    kind = _kind()
    age_group = forms.ChoiceField(label=_("Who is the exposed person?"), choices=AgeGroup.choices, widget=Radios(inline=True))
    process = forms.ChoiceField(
        label=_("Which process does the case follow?"),
        choices=_processes,
        required=False,
        help_text=_("The routine goes by what it is about and whether it is a child."),
    )
    name = forms.CharField(
        label=_("The exposed person's name"),
        max_length=200,
        required=False,
        help_text=_("Leave empty while you don't know."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    identity_number = forms.CharField(
        label=_("Personal identity number"), max_length=20, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    protection = forms.ChoiceField(label=_("Protected identity"), choices=ProtectedIdentity.choices, initial="none")
    district = forms.ChoiceField(label=_("District"), choices=_districts)
    caseworker = _Colleagues(label=_("Who takes the case?"), queryset=queries.caseworkers(), empty_label=_("Choose"))
    summary = _text(
        _("What the case begins with"),
        rows=8,
        help_text=_("Those who work with the case read this, not the concern. Leave out who sent it."),
    )

    def clean_identity_number(self) -> str:
        """A number that exists, or nothing."""
        typed = self.cleaned_data["identity_number"]
        try:
            return str(identity.parse(typed, on=timezone.localdate())) if typed else ""
        except identity.NotAnIdentityNumber as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """A number belongs to a name; a process is for those that it's for."""
        values = super().clean() or {}
        if values.get("identity_number") and not values.get("name"):
            self.add_error("name", _("Write the name that belongs to the number."))
        process, age_group = values.get("process"), values.get("age_group")
        if process and age_group and not processes.is_for(process, age_group, on=timezone.localdate()):
            self.add_error("process", _("This process isn't for that age group. Choose another of the two."))
        return values


class HandOverForm(forms.Form):
    """To whom, and what they need to know."""

    receiver = forms.ChoiceField(label=_("Who takes over?"), choices=Receiver.choices, widget=Radios())
    kind = _kind()
    note = _text(
        _("What did you hand over, and how?"), help_text=_("Hand over by a safe way of your own; this page sends nothing.")
    )


class ReceivedForm(forms.Form):
    """The receipt of a hand-over."""

    received_by = forms.CharField(
        label=_("Who said that it arrived?"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )


class CloseForm(forms.Form):
    """Why it ends here."""

    kind = _kind()
    reason = forms.ChoiceField(label=_("Why is it closed?"), choices=CloseReason.choices, widget=Radios())


class WallForm(forms.Form):
    """To whom a concern is shut, and why."""

    ground = forms.ChoiceField(label=_("Why?"), choices=WallGround.choices, widget=Radios())
    field_order = ("user", "ground")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = _Colleagues(casework.others(by), label=_("Colleague"), empty_label=_("Choose"))
        self.order_fields(self.field_order)
