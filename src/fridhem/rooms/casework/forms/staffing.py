"""Who does what."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import permissions, queries, rules
from fridhem.rooms.casework.forms.fields import choose
from fridhem.rooms.casework.models import Case, Step
from fridhem.rooms.casework.queries import work


class AssignForm(forms.Form):
    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ModelChoiceField(queries.colleagues(case), label=_("Colleague"), empty_label=_("Choose"))


class GiveForm(forms.Form):
    """Who does a step: oneself, a colleague in the case, or whoever has the role."""

    to = forms.ChoiceField(label=_("Who does the step?"), choices=[], widget=Radios())

    def __init__(self, *args: Any, step: Step, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"to": str(step.assigned_to_id or by.pk)}, **kwargs})
        self.people = {str(user.pk): user for user in work.able(step).exclude(pk=by.pk)}
        others: list[tuple[str, Any]] = [(key, user.name) for key, user in self.people.items()]
        if permissions.may_do(by, step):
            self.people[str(by.pk)] = by
            others = [(str(by.pk), _("I do")), *others]
        choose(self, "to", [*others, ("nobody", _("Nobody yet: whoever has the role can take it"))])

    def clean_to(self) -> User | None:
        return self.people.get(self.cleaned_data["to"])


class PeriodForm(forms.Form):
    """From the first day to the last, both included."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(), help_text=_("It ends by itself after this day."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first_day": today}, **kwargs})
        self.today = today

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said at its field."""
        cleaned = super().clean() or {}
        if "first_day" in cleaned and "last_day" in cleaned:
            self._try("last_day", lambda: rules.check_period(cleaned["first_day"], cleaned["last_day"], today=self.today))
        return cleaned

    def _try(self, field: str, check: Callable[[], None]) -> None:
        try:
            check()
        except (Denied, NotNow) as refusal:
            self.add_error(field, str(refusal))


class AbsenceForm(PeriodForm):
    """Who is away and who stands in. A leader says it of the unit's colleagues too."""

    field_order = ("user", "stand_in", "first_day", "last_day")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, here = by, work.colleagues(by)
        if permissions.leads_cases(by):
            self.fields["user"] = forms.ModelChoiceField(here, label=_("Who is away?"), initial=by, empty_label=None)
        self.fields["stand_in"] = forms.ModelChoiceField(
            here.exclude(pk=by.pk),
            label=_("Who stands in?"),
            help_text=_(
                "Someone with the same role. They see the cases of the one who is away those days, and nothing else more."
            ),
            empty_label=_("Choose"),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """The one who is away is oneself when nobody else can be chosen."""
        cleaned = super().clean()
        away = cleaned.setdefault("user", self.by)
        if "stand_in" in cleaned:
            self._try("stand_in", lambda: permissions.check_may_stand_in(cleaned["stand_in"], away, self.by))
        return cleaned


class DelegationForm(PeriodForm):
    """Who decides in the leader's place, in which steps of which processes."""

    steps = forms.MultipleChoiceField(label=_("What do they decide?"), choices=[], widget=Checkboxes())
    field_order = ("to", "steps", "first_day", "last_day")

    def __init__(self, *args: Any, by: User, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = work.colleagues(by).exclude(pk=by.pk)
        self.fields["to"] = forms.ModelChoiceField(here, label=_("Who decides?"), empty_label=_("Choose"))
        choose(self, "steps", choices)  # type: ignore[arg-type]
        self.order_fields(self.field_order)

    def clean_steps(self) -> list[tuple[str, str]]:
        """Each a process and a form."""
        return [(process, form) for process, _slash, form in (chosen.partition("/") for chosen in self.cleaned_data["steps"])]


class HandOverForm(forms.Form):
    """From whom to whom all cases go."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, here = by, work.colleagues(by)
        self.fields["user"] = forms.ModelChoiceField(here, label=_("Whose cases?"), empty_label=_("Choose"))
        self.fields["to"] = forms.ModelChoiceField(
            here, label=_("Who takes over?"), help_text=_("Someone with the same role."), empty_label=_("Choose")
        )

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said at its field."""
        cleaned = super().clean() or {}
        if "user" in cleaned and "to" in cleaned:
            try:
                permissions.check_may_hand_over(cleaned["user"], cleaned["to"], self.by)
            except Denied as refusal:
                self.add_error("to", str(refusal))
        return cleaned
