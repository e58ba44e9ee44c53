"""The files of a case."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Cleaned, Quarantined, Refused, take_in


class AddDocumentForm(forms.Form):
    """A file for the case; `taken` is what became of it. `sent`: the request's size; Django leaves out what is too large."""

    taken: Cleaned | Quarantined
    document = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, Word, Excel, OpenDocument, text or picture, 25 MB at most. What it tells beside its content is taken out."
        ),
        allow_empty_file=True,
    )
    keep_original = forms.BooleanField(
        label=_("Keep the original apart if it can't be cleaned"),
        help_text=_("For evidence, such as sound and film. It can't be opened until a colleague has reviewed it."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, sent: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if sent > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self.fields["document"].error_messages["required"] = Reason.TOO_LARGE.label

    def clean(self) -> dict[str, Any]:
        """Clean the file itself; why it was refused is said at the field."""
        cleaned = super().clean() or {}
        if upload := cleaned.get("document"):
            taken = take_in(upload, on=self.today, keep_original=cleaned["keep_original"])
            if isinstance(taken, Refused):
                self.add_error("document", taken.reason.label)
            else:
                self.taken = taken
        return cleaned


class HeldDocumentForm(forms.Form):
    """What becomes of a file that is held apart."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("release", _("It may be opened")), ("throw_away", _("Throw its content away"))],
        widget=Radios(
            hints={
                "release": _("As it came, to be saved. Open it only on a computer that has nothing else to lose."),
                "throw_away": _("That it came, and who decided, remains. The content can't be brought back."),
            }
        ),
    )
