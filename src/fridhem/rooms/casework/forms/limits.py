"""What a time limit is changed by, and which are listed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.accounts.models import User
from fridhem.pure.deadlines.limits import Extension
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import permissions, rules
from fridhem.rooms.casework.enums import ExtensionAnswer
from fridhem.rooms.casework.forms.fields import choose, text_field
from fridhem.rooms.casework.queries import limits
from fridhem.rooms.casework.queries.limits import TimeLimit

WHY_LONGER = {
    Extension.SPECIAL: _("Which are the special reasons (särskilda skäl)?"),
    Extension.EXCEPTIONAL: _("Which are the exceptional reasons (synnerliga skäl)?"),
}
DECISIONS = [(answer.value, answer.label) for answer in (ExtensionAnswer.GRANTED, ExtensionAnswer.REFUSED)]


class ExtendForm(forms.Form):
    """A new last day for a time limit, and why."""

    until = forms.DateField(label=_("New last day"), widget=forms.DateInput())
    text = text_field(_("Why is more time needed?"), _("It becomes a note in the journal."))

    def __init__(self, *args: Any, found: TimeLimit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.today = found, today
        latest = found.limit.latest(found.clock.ordinary)
        if latest:
            self.fields["until"].help_text = _("%(day)s at the latest.") % {"day": date_format(latest, "j F Y")}
        self.fields["text"].label = WHY_LONGER.get(found.limit.extension, self.fields["text"].label)

    def clean_until(self) -> date:
        """What the action would refuse is said here, so that nothing written is lost."""
        _refused_here(rules.check_new_last_day, self.found.limit, self.found.clock, self.cleaned_data["until"], today=self.today)
        return self.cleaned_data["until"]


class AnswerExtensionForm(forms.Form):
    """What is decided about an extension that was asked for."""

    answer = forms.ChoiceField(label=_("What do you decide?"), choices=DECISIONS, widget=Radios())
    text = text_field(_("The grounds"), _("It becomes a note in the journal."), rows=5)

    def __init__(self, *args: Any, found: TimeLimit, until: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.until, self.today = found, until, today

    def clean_answer(self) -> str:
        """A day that isn't admitted any longer can only be refused."""
        if self.cleaned_data["answer"] == ExtensionAnswer.GRANTED:
            _refused_here(rules.check_new_last_day, self.found.limit, self.found.clock, self.until, today=self.today)
        return self.cleaned_data["answer"]


class ReasonForm(forms.Form):
    """Why a time limit stands still, or goes on."""

    text = text_field(_("Why?"), _("It becomes a note in the journal."), rows=5)


class LimitsForm(forms.Form):
    """Which time limits: whose cases, of which process, at which unit. Only what there is to choose from is asked."""

    whose = forms.ChoiceField(
        label=_("Whose cases"), required=False, choices=[("", _("All that I see")), ("mine", _("Those I work with"))]
    )
    process = forms.ChoiceField(label=_("Process"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named, units = limits.choices(user)
        choose(self, "process", [("", _("All")), *named])
        choose(self, "unit", [("", _("All")), *((str(unit.pk), unit.name) for unit in units)])
        asked = {"whose": permissions.leads_cases(user), "process": len(named) > 1, "unit": len(units) > 1}
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """What `queries.limits` takes; what isn't understood is left out."""
        self.is_valid()
        known = self.cleaned_data
        return {"mine": known.get("whose") == "mine", "process": known.get("process", ""), "unit": known.get("unit", "")}


class MissedForm(LimitsForm):
    """The same for what was missed, done in a period."""

    first = forms.DateField(label=_("Done from"), widget=forms.DateInput())
    last = forms.DateField(label=_("Done to"), widget=forms.DateInput())

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day is before the first: write a later day."))
        return cleaned


def _refused_here(check: Callable[..., None], *given: Any, **named: Any) -> None:
    """What a rule refuses becomes an error at the field."""
    try:
        check(*given, **named)
    except NotNow as refusal:
        raise ValidationError(str(refusal)) from None
