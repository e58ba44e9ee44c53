"""What is written under a heading of the investigation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import rules
from fridhem.rooms.casework.forms.fields import send_again, text_field
from fridhem.rooms.casework.models import Case, Section
from fridhem.rooms.casework.queries.sections import Place


class SectionForm(forms.Form):
    """The text under a heading. `revision` is the one that was read: a later one is shown before it's written over.

    What is typed stays, also when it can't be saved; `saved` is what a colleague, or another window, has saved meanwhile.
    """

    saved: Section | None = None

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    text = text_field(_("Text"), rows=16)
    sign = forms.BooleanField(
        label=_("Sign it now"),
        help_text=_(
            "A signed section can't be changed: what you write later stands beside it. Without a signature it's a draft."
        ),
        required=False,
    )

    def __init__(self, *args: Any, case: Case, place: Place, by: User, **kwargs: Any) -> None:
        now = {"revision": place.revision, "text": place.newest.text if place.newest else ""}
        super().__init__(*args, **{"initial": now, **kwargs})
        self.case, self.place, self.by = case, place, by

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing typed is lost."""
        cleaned = super().clean() or {}
        try:
            rules.check_open(self.case.status)
        except NotNow as refusal:
            raise ValidationError(str(refusal)) from None
        now = self.place.newest
        if now and now.already_says(cleaned.get("text", ""), by=self.by, sign=cleaned.get("sign", False)):
            return cleaned
        if cleaned.get("revision") != self.place.revision:
            self.saved = now
            send_again(self, "revision", str(self.place.revision))
            raise ValidationError(
                _("The section was changed after you opened it. Read what it says now before you save this instead.")
            )
        return cleaned
