"""What is written in the journal."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework import queries, rules
from fridhem.rooms.casework.enums import ADDED, NoteKind
from fridhem.rooms.casework.forms.fields import choose, send_again, text_field
from fridhem.rooms.casework.models import Case, Note


class NoteForm(forms.Form):
    """A note of one's own, a draft unless it's signed. `submission` tells a form sent twice from two notes.

    A form that has been sent already with another text keeps what is typed; `saved` is what it made the first time.
    """

    KINDS: list[tuple[str, Any]] = [choice for choice in NoteKind.choices if choice[0] not in (NoteKind.CONCERN, *ADDED)]
    saved: Note | None = None

    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(), required=False)
    kind = forms.ChoiceField(label=_("Kind of note"), choices=[])
    happened_on = forms.DateField(label=_("The day it happened"), widget=forms.DateInput())
    text = text_field(_("Note"))
    sign = forms.BooleanField(
        label=_("Sign it now"),
        help_text=_("A signed note can't be changed. Without your signature it's your draft, which your colleagues can read."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, case: Case, by: User, **kwargs: Any) -> None:
        kind = self.KINDS[0][0]
        super().__init__(*args, **{"initial": {"happened_on": today, "kind": kind}, **kwargs})
        self.today, self.case, self.by = today, case, by
        choose(self, "kind", self.KINDS)

    def clean_happened_on(self) -> date:
        """A journal tells of what has happened."""
        if self.cleaned_data["happened_on"] > self.today:
            raise ValidationError(_("The day hasn't come yet: write a day that has been."))
        return self.cleaned_data["happened_on"]

    def clean(self) -> dict[str, Any]:
        """The same form sent again with another text makes a note of its own, once its writer has seen the first."""
        cleaned = super().clean() or {}
        submission = cleaned.get("submission")
        saved = queries.written(self.case, self.by, submission) if submission else None
        if saved and saved.text != cleaned.get("text"):
            self.saved = saved
            send_again(self, "submission", str(uuid4()))
            raise ValidationError(_("This form has already been saved once. Read what was saved before you save this too."))
        return cleaned


class AdditionForm(NoteForm):
    """What stands beside a note that can't be changed."""

    KINDS = [choice for choice in NoteKind.choices if choice[0] in ADDED]


class SignForm(forms.Form):
    """Which revision of a note was read before it was signed."""

    revision = forms.IntegerField()


class ChangeNoteForm(NoteForm):
    """One's own draft, put right. `revision` is the one that was read: a later one is shown before it's written over."""

    submission = None  # type: ignore[assignment]
    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        self.KINDS = AdditionForm.KINDS if note.to_id else NoteForm.KINDS
        now = {"kind": note.kind, "happened_on": note.happened_on, "text": note.text, "revision": note.revision}
        super().__init__(*args, initial=now, **kwargs)
        self.note = note

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing typed is lost."""
        cleaned = forms.Form.clean(self) or {}
        try:
            rules.check_is_draft(self.note.signed_at, self.note.open_until, today=self.today)
        except NotNow as refusal:
            self.saved = self.note
            raise ValidationError(str(refusal)) from None
        if cleaned.get("revision") not in (None, self.note.revision):
            self.saved = self.note
            send_again(self, "revision", str(self.note.revision))
            raise ValidationError(
                _("The note was changed in another window. Read what it says now before you save this instead.")
            )
        return cleaned
