"""That two cases belong together."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import catalogue, queries, rules
from fridhem.rooms.casework.forms.fields import choose
from fridhem.rooms.casework.models import Case
from fridhem.rooms.casework.queries import links


class LinkForm(forms.Form):
    """Which case, and what its person is to the one that this case is about."""

    number = forms.CharField(label=_("Case number"), max_length=12, widget=forms.TextInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Whose is the other case, to the one this case is about?"), choices=[], widget=Radios())

    def __init__(self, *args: Any, case: Case, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by
        choose(self, "kind", catalogue.link_choices(today, get_language() or "sv"))

    def clean_number(self) -> Case:
        """A case that isn't there and one that the writer doesn't see get the same answer."""
        typed = self.cleaned_data["number"].strip().upper()
        found = queries.visible_to(self.by).filter(number=typed).first()
        if found is None:
            raise ValidationError(
                _("You don't see a case with that number. Check it, or ask someone who works with both cases to link them.")
            )
        try:
            rules.check_are_two(self.case.pk, found.pk)
            rules.check_not_linked(is_linked=links.are_linked(self.case, found))
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        return found
