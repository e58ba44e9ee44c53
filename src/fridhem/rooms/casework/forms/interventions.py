"""What is granted, followed up and ended."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.pure.codes.code_list import UnknownCode
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import catalogue, rules
from fridhem.rooms.casework.enums import Outcome
from fridhem.rooms.casework.forms.fields import BY_ROUTINE, DecisionField, choose, codes_on, text_field
from fridhem.rooms.casework.models import Decision


class GrantForm(forms.Form):
    """The codes that may be chosen today; what was valid another day is asked for by the action."""

    kind = forms.ChoiceField(label=_("Intervention"), choices=[], error_messages={"required": _("Choose an intervention.")})
    reasons = forms.MultipleChoiceField(
        label=_("Reason codes"),
        help_text=_("Why is the intervention granted? Choose all that apply."),
        choices=[],
        widget=Checkboxes(),
        error_messages={"required": _("Choose at least one reason code.")},
    )
    start = forms.DateField(label=_("Starts"), widget=forms.DateInput())
    provider = forms.CharField(
        label=_("Provider"),
        help_text=_("Who carries it out. Never an address: that is a protected detail."),
        max_length=200,
        required=False,
    )
    follow_up_on = forms.DateField(label=_("Followed up on"), help_text=BY_ROUTINE, widget=forms.DateInput(), required=False)

    def __init__(
        self, *args: Any, today: date, opened_on: date, decisions: QuerySet[Decision] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": {"start": today}, **kwargs})
        if decisions is not None:
            self.fields["decision"] = DecisionField(decisions, label=_("Which decision is carried out?"), required=False)
            self.order_fields(["decision"])
        self.today, self.opened_on = today, opened_on
        choose(self, "kind", [("", _("Choose")), *codes_on("interventions", today)])
        choose(self, "reasons", codes_on("reasons", today))

    def clean_start(self) -> date:
        """The days of a case come in their order."""
        start = self.cleaned_data["start"]
        try:
            rules.check_granted_days(decided_on=self.today, start=start, opened_on=self.opened_on, today=self.today)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return start

    def clean(self) -> dict[str, Any]:
        """What the action would refuse of a decision or a follow-up."""
        cleaned = super().clean() or {}
        decision, start = cleaned.get("decision"), cleaned.get("start")
        try:
            if start:
                rules.check_follow_up(cleaned.get("follow_up_on"), start=start)
            if decision and cleaned.get("kind"):
                kind = catalogue.order().kind(decision.kind, on=decision.decided_on)
                rules.check_carries_out(kind, decision.outcome, refused=decision.refused, intervention=cleaned["kind"])
                catalogue.codes("interventions").find(cleaned["kind"], on=decision.decided_on)
                for reason in cleaned.get("reasons", ()):
                    catalogue.codes("reasons").find(reason, on=decision.decided_on)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        except UnknownCode:
            raise ValidationError(_("One of the codes wasn't valid on the day of the decision.")) from None
        return cleaned


class FollowUpForm(forms.Form):
    """How an intervention goes, and when it's looked at next."""

    text = text_field(_("How does it go?"), _("What she says herself, what has changed, and whether it should go on as it is."))
    next_on = forms.DateField(label=_("Next follow-up"), help_text=BY_ROUTINE, widget=forms.DateInput(), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_on(self) -> date | None:
        """It's followed up next on a later day."""
        return _followed_up(self.cleaned_data["next_on"], self.today)


def _followed_up(day: date | None, start: date) -> date | None:
    try:
        rules.check_follow_up(day, start=start)
    except NotNow as refusal:
        raise ValidationError(str(refusal)) from None
    return day


class EndForm(forms.Form):
    end = forms.DateField(label=_("Last day"), widget=forms.DateInput())
    outcome = forms.ChoiceField(label=_("How did it go?"), choices=Outcome.choices, widget=Radios())

    def __init__(self, *args: Any, start: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"end": today}, **kwargs})
        self.start = start

    def clean_end(self) -> date:
        """An intervention ends after it began."""
        if self.cleaned_data["end"] < self.start:
            raise ValidationError(_("The last day is before the first: write a later day."))
        return self.cleaned_data["end"]
