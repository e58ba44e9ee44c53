"""What is decided, and that the person was told."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import catalogue, queries, rules
from fridhem.rooms.casework.forms.fields import choose, codes_on, text_field
from fridhem.rooms.casework.models import Case, Decision


class DecideForm(forms.Form):
    """What is decided, and why; what the action would refuse is said here, so that nothing written is lost."""

    kind = forms.ChoiceField(label=_("What is the decision about?"), choices=[], widget=Radios())
    outcome = forms.ChoiceField(label=_("What do you decide?"), choices=[], widget=Radios())
    refused = forms.ChoiceField(label=_("What is refused"), choices=[], required=False)
    reasons = forms.MultipleChoiceField(label=_("Why it's refused"), choices=[], widget=Checkboxes(), required=False)
    motivation = text_field(_("Reasons for the decision"), _("What you build on, and how you have weighed it. She reads this."))

    def __init__(self, *args: Any, case: Case, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by, self.today = case, by, today
        language = get_language() or "sv"
        mine = [one for one in catalogue.order().kinds_on(today) if catalogue.order().item_for(one.code, role=by.role, on=today)]
        choose(self, "kind", [(one.code, one.label(language)) for one in mine])
        choose(self, "outcome", codes_on("outcomes", today))
        choose(self, "refused", [("", _("Nothing")), *codes_on("interventions", today)])
        choose(self, "reasons", codes_on("refusal_reasons", today))
        self.fields["prepared_by"] = forms.ModelChoiceField(
            queries.others(by).filter(pk__in=queries.team(case).values("user")),
            label=_("Investigated by"),
            help_text=_("Leave it empty when the investigation is a step of the case: then it's the one who did it."),
            empty_label=_("As in the case"),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """The outcome fits the kind, and someone else has prepared it where that is asked for."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        kind = catalogue.order().kind(cleaned["kind"], on=self.today)
        prepared = cleaned["prepared_by"] or next(iter(queries.preparers(self.case, kind.prepared_in)), None)
        try:
            rules.check_outcome(kind, cleaned["outcome"], refused=cleaned["refused"], reasons=cleaned["reasons"])
            rules.check_prepared(kind, prepared is not None)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        if self.by in queries.preparers(self.case, kind.prepared_in):
            raise ValidationError(_("You have investigated the case yourself: someone else decides."))
        return cleaned


class ToldForm(forms.Form):
    """When the person was told."""

    told_on = forms.DateField(label=_("The day she was told of the decision"), widget=forms.DateInput())

    def __init__(self, *args: Any, decision: Decision, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision, self.today = decision, today

    def clean_told_on(self) -> date:
        """What the action would refuse is said here."""
        told_on = self.cleaned_data["told_on"]
        one = self.decision
        try:
            rules.check_told(told_on=told_on, today=self.today, decided_on=one.decided_on, already=one.told_on)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return told_on
