"""The forms of signing in and of the accounts: the words are ours, what they check is django-allauth's."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User

LONGEST_PASSWORD = 200
DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}


def _password(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_PASSWORD, strip=False, widget=widget)


def _code(hint: Any) -> forms.CharField:
    return forms.CharField(label=_("Code"), help_text=hint, max_length=20, widget=forms.TextInput(attrs=DIGITS))


class SignInForm(LoginForm):
    """Username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"})
        self.fields["login"] = forms.CharField(label=_("Username"), max_length=80, widget=widget)
        self.fields["password"] = _password(_("Password"), "current-password")


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"), "current-password")


class CodeForm(AuthenticateForm):
    """A code from the app, or a recovery code."""

    code = _code(_("Six digits from your app, or one of your recovery codes."))


class CodeAgainForm(ReauthenticateByCodeForm):
    """A code once more, before something that matters."""

    code = _code(_("Six digits from your app, or one of your recovery codes."))


class AppForm(ActivateTOTPForm):
    """The first code that the app shows."""

    code = _code(_("Six digits, as the app shows them now."))


class _FromAnyone(forms.Form):
    """What the browser's script fills in, and a stranger can too: nested deeper than can be read, it is no credential."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except RecursionError:
            self.add_error("credential", _("The passkey couldn't be used. Try again, or use another way in."))


class SignInByPasskeyForm(_FromAnyone, LoginWebAuthnForm):
    """A passkey, and nothing else."""


class SecondStepForm(_FromAnyone, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(_FromAnyone, ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""


class PasskeyForm(_FromAnyone, AddWebAuthnForm):
    """A new passkey: its name, and what the browser made (filled in by the script)."""

    name = forms.CharField(
        label=_("What do you want to call it?"), help_text=_("For instance: the work telephone."), required=False, max_length=60
    )
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        """A passkey always asks for the finger, the face or the PIN: what was made without is refused."""
        self.cleaned_data["passwordless"] = True
        return super().clean()


class PasskeyNameForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("What do you want to call it?"), max_length=60)


class OneTimeCodeForm(forms.Form):
    """The code that the administrator handed out."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Four groups of five signs. Capitals or not doesn't matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class PasswordForm(forms.Form):
    """A password of one's own choice."""

    password = _password(_("New password"), "new-password", _("At least 14 characters. Four words are good."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class PlaceForm(forms.Form):
    """Role and unit."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.CharField(
        label=_("Unit"), help_text=_("As it's called. A unit that isn't there yet is made."), max_length=120,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )  # fmt: skip

    def units(self) -> list[str]:
        """The names of the units there are, for the field to offer."""
        return list(Unit.objects.order_by("name").values_list("name", flat=True))


class NewPersonForm(PlaceForm):
    """Someone who begins to work here."""

    field_order = ["name", "username", "role", "unit"]
    name = forms.CharField(label=_("Name"), max_length=120)
    username = forms.RegexField(
        r"^[\w.@-]+$",
        label=_("Username"),
        help_text=_("Letters, digits, full stops, hyphens."),
        max_length=80,
        error_messages={"invalid": _("Letters, digits, full stops and hyphens only.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SearchForm(forms.Form):
    """Find someone in the list."""

    q = forms.CharField(label=_("Name, username or unit"), required=False, max_length=80, widget=forms.SearchInput)
