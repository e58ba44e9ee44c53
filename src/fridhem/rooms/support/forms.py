"""Is the input well-formed? Not: is it allowed."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.support import catalogue, queries, rules
from fridhem.rooms.support.enums import Consent, Documentation, Violence, Way
from fridhem.rooms.support.models import Offer

PHONE = r"^\+?[0-9][0-9 \-]{1,28}$"
PHONE_FAULT = _("Write the number with digits, spaces and hyphens.")


def _text(label: Any, hint: Any = "", *, rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=2_000, widget=forms.Textarea(attrs={"rows": rows}))


def _phone() -> forms.RegexField:
    return forms.RegexField(PHONE, label=_("Telephone"), max_length=30, error_messages={"invalid": PHONE_FAULT})


def _codes(codes: Any, on: date) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = codes.choices_on(on, get_language() or "sv")
    return found


class Period(forms.Form):
    """From which day to which something holds."""

    valid_from = forms.DateField(label=_("First day"), widget=forms.DateInput())
    valid_to = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(), help_text=_("Leave it empty: until further notice.")
    )

    def clean(self) -> dict[str, Any]:
        """The last day isn't before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first."))
        return cleaned


class OfferForm(Period):
    """What the board has decided to offer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    about = _text(_("What is it?"), _("For colleagues who will tell about it. Short sentences."))
    age_from = forms.IntegerField(label=_("From which age?"), min_value=0, max_value=rules.OLDEST)
    age_to = forms.IntegerField(
        label=_("Up to and including which age?"),
        min_value=0,
        max_value=rules.OLDEST,
        required=False,
        help_text=_("Leave it empty: no upper limit."),
    )
    conditions = _text(_("Conditions"), _("How many talks, for how long, what is asked of the person."))
    is_anonymous = forms.BooleanField(label=_("The person can be anonymous"), required=False)
    documentation = forms.ChoiceField(label=_("What is written about the person?"), choices=Documentation.choices)
    unit = forms.CharField(label=_("Who gives it?"), max_length=120)
    phone = _phone()

    field_order = (
        "name", "about", "age_from", "age_to", "consent_child", "consent_youth", "conditions", "is_anonymous", "documentation",
        "unit", "phone", "valid_from", "valid_to",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ages, said = catalogue.codes("ages"), {"child": Consent.GUARDIANS, "youth": Consent.OWN}
        for band, consent in said.items():
            self.fields[f"consent_{band}"] = forms.ChoiceField(
                label=_("Who says yes for someone of this age: %(ages)s?")
                % {"ages": ages.label_of(band, get_language() or "sv").lower()},
                choices=Consent.choices,
                initial=consent,
                widget=Radios(),
            )
        grounds = dict(_codes(catalogue.codes("documentation"), today))
        self.fields["documentation"].widget = Radios(hints=grounds, choices=Documentation.choices)
        self.fields["valid_from"].initial = today
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """It's for someone, and what is anonymous has no journal."""
        cleaned = super().clean()
        low, high = cleaned.get("age_from"), cleaned.get("age_to")
        if low is not None and high is not None and high < low:
            self.add_error("age_to", _("The highest age is below the lowest."))
        if cleaned.get("is_anonymous") and cleaned.get("documentation") == Documentation.JOURNAL:
            self.add_error("documentation", _("Whoever is anonymous has no journal. Choose another answer, or untick that."))
        return cleaned


class ContactForm(forms.Form):
    """An anonymous contact: codes only, so that nothing can be written that tells who it was.

    `submission` tells a form sent twice from two contacts.
    """

    offer = forms.ModelChoiceField(Offer.objects.none(), label=_("Which offer?"), empty_label=_("Choose"))
    way = forms.ChoiceField(label=_("How?"), choices=Way.choices, widget=Radios(inline=True))
    age_group = forms.ChoiceField(label=_("Age"), widget=Radios(inline=True))
    violence = forms.ChoiceField(
        label=_("The question on violence"),
        help_text=_("It's voluntary. Ask: has someone close to you hurt or scared you?"),
        choices=Violence.choices,
        widget=Radios(),
    )
    violence_forms = forms.MultipleChoiceField(
        label=_("Which violence?"), help_text=_("Only when the answer was yes."), required=False, widget=Checkboxes()
    )
    given = forms.ChoiceField(label=_("What did the person get?"), widget=Radios())
    referred = forms.ChoiceField(label=_("Referred to"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False, help_text=_("Leave it empty when nobody has told."))
    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, today: date, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["offer"].queryset = queries.anonymous_offers(user, on=today)  # type: ignore[attr-defined]
        lists = {
            "age_group": _codes(catalogue.codes("ages"), today),
            "violence_forms": _codes(casework.code_list("reasons"), today),
            "given": _codes(catalogue.codes("given"), today),
            "referred": [("", _("Nobody")), *_codes(catalogue.codes("referred"), today)],
            "district": [("", _("Not told")), *casework.districts(on=today, language=get_language() or "sv")],
        }
        for name, choices in lists.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The offer is for that age, and forms of violence are told after a yes."""
        cleaned = super().clean() or {}
        offer, band = cleaned.get("offer"), catalogue.bands(on=self.today).get(cleaned.get("age_group", ""))
        if offer and band and (said := rules.misfit(offer.terms, band)):
            self.add_error("age_group", said)
        answer, told = cleaned.get("violence"), cleaned.get("violence_forms")
        if answer == Violence.YES and not told:
            self.add_error("violence_forms", _("Choose which violence the person told of."))
        if answer and answer != Violence.YES and told:
            self.add_error("violence", _("You have ticked a form of violence: choose yes, or take away the ticks."))
        return cleaned


class BeginForm(forms.Form):
    """Whether someone can have an offer that is given in a case."""

    age = forms.IntegerField(label=_("How old is the person?"), min_value=0, max_value=rules.OLDEST)
    agreed = forms.ChoiceField(
        label=_("Do the guardians agree?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=Radios(inline=True),
    )

    def __init__(self, *args: Any, terms: rules.Terms, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.bands = terms, catalogue.bands(on=today).values()
        asked = [band.code for band in self.bands if rules.needs_guardians(terms, band.code) and not rules.misfit(terms, band)]
        if not asked:
            del self.fields["agreed"]
        else:
            labels, language = catalogue.codes("ages"), get_language() or "sv"
            words = ", ".join(labels.label_of(code, language).lower() for code in asked)
            self.fields["agreed"].help_text = _("Answer when the person is: %(ages)s.") % {"ages": words}

    def clean(self) -> dict[str, Any]:
        """The age fits, and the guardians agree where they must."""
        cleaned = super().clean() or {}
        age = cleaned.get("age")
        if age is None:
            return cleaned
        if said := rules.too_old_or_young(self.terms, age):
            self.add_error("age", said)
        elif rules.needs_guardians(self.terms, rules.band_of(age, self.bands)) and cleaned.get("agreed") != "yes":
            self.add_error(
                "agreed", _("At that age the offer needs the guardians' consent. Without it: open a case another way, or refer.")
            )
        return cleaned


class NumberForm(Period):
    """Where someone answers, and when."""

    unit = forms.CharField(label=_("Who answers?"), max_length=120)
    phone = _phone()
    situations = forms.MultipleChoiceField(label=_("In which situations?"), widget=Checkboxes())
    working_from = forms.TimeField(label=_("Working days, from"), required=False, widget=forms.TimeInput())
    working_to = forms.TimeField(
        label=_("Working days, to"),
        required=False,
        widget=forms.TimeInput(),
        help_text=_("An earlier time is past midnight, and the same time is around the clock. Leave both empty: closed."),
    )
    other_from = forms.TimeField(label=_("Weekends and public holidays, from"), required=False, widget=forms.TimeInput())
    other_to = forms.TimeField(label=_("Weekends and public holidays, to"), required=False, widget=forms.TimeInput())
    place = forms.IntegerField(
        label=_("In which order?"), min_value=1, max_value=99, initial=1, help_text=_("1 is called first.")
    )

    field_order = (
        "unit", "phone", "situations", "working_from", "working_to", "other_from", "other_to", "place", "valid_from", "valid_to",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, one.advice(get_language() or "sv").name) for one in catalogue.situations(on=today)]
        self.fields["situations"].choices = named  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today

    def clean(self) -> dict[str, Any]:
        """Both times or neither."""
        cleaned = super().clean()
        for first, last in (("working_from", "working_to"), ("other_from", "other_to")):
            if not self.errors.keys() & {first, last} and (cleaned.get(first) is None) != (cleaned.get(last) is None):
                self.add_error(last, _("Write both times, or neither."))
        return cleaned
