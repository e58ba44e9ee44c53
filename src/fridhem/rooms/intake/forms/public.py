"""The public form: one form, asked a step at a time where there is JavaScript and as a whole where there isn't."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.crypto.receipts import new_receipt
from fridhem.rooms.intake.enums import Children, Identity, Relation, Urgency
from fridhem.rooms.intake.rules import MAX_TEXT, Said

# What a browser or its helpers might otherwise remember, correct or send away.
DISCREET = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false", "dir": "auto"}
SHORT = 200  # characters
LOST = "\ufffd"  # stands where a sign couldn't be read


class Words(forms.CharField):
    """A text in the sender's own words, in any language."""

    def __init__(self, *, limit: int = MAX_TEXT, rows: int = 0, **given: Any) -> None:
        widget = forms.Textarea({**DISCREET, "rows": rows}) if rows else forms.TextInput(dict(DISCREET))
        super().__init__(widget=widget, **given)
        self.limit = limit
        self.validators = []  # ours speak plainer than Django's

    def to_python(self, value: Any) -> str:
        """One kind of line break, no blanks around."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").strip()

    def validate(self, value: str) -> None:
        """Say in words what can't be taken in."""
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                _("It may be at most %(limit)s characters long. It is %(length)s."),
                params={"limit": f"{self.limit:,}".replace(",", " "), "length": f"{len(value):,}".replace(",", " ")},
            )
        if "\x00" in value or LOST in value:
            raise ValidationError(_("Some characters couldn't be read. Look for � in the text and write those again."))


def _choice(label: Any, choices: type, *, missing: Any, hints: dict[Any, Any] | None = None, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices.choices,  # type: ignore[attr-defined]
        widget=Radios(attrs={"autocomplete": "off"}, hints=hints),
        error_messages={"required": missing, "invalid_choice": missing},
        **given,
    )


class ConcernForm(forms.Form):
    """What a worried person is asked.

    With a `step`, only that step's questions are asked and checked; what was said in the other steps is carried along as it is.
    """

    STEPS: Mapping[str, tuple[str, ...]] = {
        "urgency": ("urgency",),
        "what": ("what",),
        "where": ("where", "about", "children"),
        "you": ("relation", "identity"),
        "contact": ("name", "contact"),
    }

    urgency = _choice(
        _("How urgent is it?"),
        Urgency,
        missing=_("Choose one. If you don't know, say so."),
        hints={Urgency.NOW: _("Call 112 first. You can write here afterwards.")},
    )
    what = Words(
        label=_("What has happened?"),
        help_text=_("Use your own words and your own language. Tell us what you have seen, heard or been through, and when."),
        rows=8,
        error_messages={"required": _("Write what has happened. A few words are enough.")},
    )
    where = Words(
        label=_("Where?"),
        help_text=_("An address, a stairwell, a school: whatever helps us find the right place."),
        limit=SHORT,
        required=False,
    )
    about = Words(
        label=_("Who is it about?"), help_text=_("Names, or how we can recognise the person."), limit=SHORT, required=False
    )
    children = _choice(_("Are there children there?"), Children, missing=_("Choose one. If you don't know, say so."))
    relation = _choice(
        _("Who are you?"),
        Relation,
        missing=_("Choose what fits best, or the last one."),
        hints={Relation.WORK: _("If you must report because of your work, you can't be anonymous.")},
    )
    identity = _choice(
        _("Do you want to say your name?"),
        Identity,
        missing=_("Choose one of the two."),
        hints={
            Identity.ANONYMOUS: _("We don't know who you are and won't try to find out. We answer you through your receipt."),
            Identity.NAMED: _("We can call or write to you. We can't promise that your name stays secret."),
        },
    )
    name = Words(label=_("Your name"), limit=SHORT, required=False)
    contact = Words(
        label=_("How can we reach you safely?"),
        help_text=_("A phone number or an e-mail address, and when it's safe to reach you."),
        limit=SHORT,
        required=False,
    )

    use_required_attribute = False

    def __init__(self, *args: Any, step: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "q-%s", **kwargs})
        asked = self.STEPS.get(step, ()) if step else tuple(self.fields)
        for name in self.fields:
            if name not in asked:
                self.fields[name] = forms.Field(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        """A name that was asked for must be given; one that was written before the sender chose to be anonymous goes."""
        values = super().clean() or {}
        if values.get("identity") == Identity.ANONYMOUS:
            values["name"] = values["contact"] = ""
        elif (
            values.get("identity") == Identity.NAMED and self._asks("name") and not (values.get("name") or "name" in self.errors)
        ):
            self.add_error("name", _("Write your name, or go back and choose to be anonymous."))
        return values

    def _asks(self, name: str) -> bool:
        return not self.fields[name].widget.is_hidden

    def said(self, language: str) -> Said:
        """What was said, when the whole form is valid."""
        return Said(language=language, **{name: self.cleaned_data[name] for name in type(self).base_fields})

    @classmethod
    def first_broken_step(cls, errors: Mapping[str, Any]) -> str:
        """The first step that holds one of the errors."""
        return next(step for step, names in cls.STEPS.items() if any(name in errors for name in names))

    @classmethod
    def shown(cls, values: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
        """What was said, for reading through: (step, name, label, value in words), questions in the order they were asked."""
        shown = []
        for step, names in cls.STEPS.items():
            if step == "contact" and values.get("identity") != Identity.NAMED:
                continue
            for name in names:
                field = cls.base_fields[name]
                words = dict(getattr(field, "choices", ())).get(values.get(name, ""), values.get(name, ""))
                shown.append((step, name, str(field.label), str(words)))
        return shown


@dataclass(frozen=True)
class Ticket:
    """What a form is given when it begins: the number of the submission, and the receipt that the sender can write down.

    It travels with the form, signed, so that a receipt is always one that we have drawn.
    """

    submission: UUID
    receipt: str

    @classmethod
    def new(cls) -> "Ticket":
        """A fresh one."""
        return cls(uuid4(), new_receipt())

    @classmethod
    def read(cls, text: str) -> "Ticket | None":
        """The ticket that `str` wrote; None when it isn't one of ours."""
        try:
            submission, receipt = signing.Signer(salt=cls.__name__).unsign_object(text)
            return cls(UUID(submission), receipt)
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return signing.Signer(salt=type(self).__name__).sign_object([str(self.submission), self.receipt])


def pass_for(receipt: str) -> str:
    """What an opened mailbox's page carries: that this receipt was right, so that it isn't counted as a guess again."""
    return signing.Signer(salt="mailbox").signature(receipt)


def has_pass(values: Mapping[str, str]) -> bool:
    """Whether the page that sends this had opened the same mailbox."""
    return constant_time_compare(values.get("pass", ""), pass_for(values.get("receipt", "")))


class ReceiptForm(forms.Form):
    """The way into a mailbox. Whatever was typed is tried: what is no receipt gets the same answer as an unknown one."""

    use_required_attribute = False

    receipt = forms.CharField(
        label=_("Your receipt"),
        help_text=_("Twenty digits. It doesn't matter how you group them."),
        required=False,
        strip=False,
        widget=forms.TextInput(
            {
                **DISCREET,
                "dir": "ltr",
                "inputmode": "numeric",
                "class": "govuk-input--width-20",
                "maxlength": "60",
                "data-keep": "",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "r-%s", **kwargs})


class _Number(forms.UUIDField):
    """The number of a letter; one that isn't a number is no reason to lose the letter."""

    def clean(self, value: Any) -> UUID:
        try:
            return super().clean(value)
        except ValidationError:
            return uuid4()


class LetterForm(forms.Form):
    """Something to add to what was said. Its number is made with the page, so that it is taken in once."""

    use_required_attribute = False

    letter = _Number(initial=uuid4, widget=forms.HiddenInput({"autocomplete": "off"}))
    text = Words(
        label=_("Do you want to add anything?"),
        rows=5,
        error_messages={"required": _("Write what you want to add.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "l-%s", **kwargs})
