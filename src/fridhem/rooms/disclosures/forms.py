"""Is the input well-formed? Not: is it allowed."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.foundation.files.enums import Status
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.disclosures import catalogue
from fridhem.rooms.disclosures.enums import Recipient, State, Way
from fridhem.rooms.disclosures.queries import own_file
from fridhem.rooms.persons.enums import DetailKind

LONGEST = 20_000
MOST_FILES = 20


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, read into memory, where they stay."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        """Each file's name and content."""
        given: list[UploadedFile] = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(most)d files at a time."), params={"most": MOST_FILES})
        return [(file.name or "", file.read()) for file in given]


class RecipientForm(forms.Form):
    """To whom."""

    recipient = forms.ChoiceField(label=_("Who receives it?"), choices=[("", _("Choose")), *Recipient.choices])
    person = forms.ChoiceField(
        label=_("Is it someone in the case?"), required=False, help_text=_("What is the person's own isn't held against them.")
    )

    def __init__(self, *args: Any, case: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(one.shown.id), f"{one.role}: {one.shown.name}") for one in casework.members(case, user)]
        self.fields["person"].choices = [("", _("No")), *people]  # type: ignore[attr-defined]

    def clean_person(self) -> UUID | None:
        """No one is None."""
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class ParcelForm(RecipientForm):
    """To whom, and what."""

    text = forms.CharField(
        label=_("Text"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 8, "autocomplete": "off"})
    )
    documents = FilesField(
        label=_("Files"), required=False, help_text=_("PDF, Word, Excel, text, e-mail. What can't be read is stopped.")
    )

    def clean(self) -> dict[str, Any]:
        """A text or a file."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("documents") and not cleaned.get("kept"):
            self.add_error("text", _("Write a text or choose a file: there is nothing to disclose yet."))
        return cleaned


class DiscloseForm(ParcelForm):
    """Everything that the ledger asks."""

    to = forms.CharField(
        label=_("Name of the one who receives it"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    ground = forms.ChoiceField(label=_("On what legal ground?"))
    kept = forms.TypedMultipleChoiceField(label=_("Documents of the case"), coerce=UUID, widget=Checkboxes(), required=False)
    withheld = forms.MultipleChoiceField(
        label=_("Have you left something out on purpose?"), choices=DetailKind.choices, widget=Checkboxes(), required=False
    )

    field_order = ("recipient", "to", "person", "ground", "text", "kept", "documents", "withheld")

    def __init__(self, *args: Any, case: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        kept = casework.documents(case).filter(file__status=Status.CLEAN)[:MOST_FILES]
        self.fields["kept"].choices = [(str(one.pk), one.file.label["name"]) for one in kept]  # type: ignore[attr-defined]
        choices = catalogue.grounds().choices_on(today, get_language() or "sv")
        self.fields["ground"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]


class ReceiverForm(forms.Form):
    """For whom the whole file is, of those whom it's meant for."""

    recipient = forms.ChoiceField(label=_("Who receives it?"))

    def __init__(self, *args: Any, case: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.recipient, Recipient(one.recipient).label) for one in own_file.receivers(case, on=today)]
        self.fields["recipient"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]


class _OnThePage(forms.SelectMultiple):
    """Boxes that stand where what they are about stands."""

    input_type = "hidden"

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Nothing beside the page's own boxes."""
        return SafeString()


class ExportForm(forms.Form):
    """Whose copy of the whole file it is, on what ground, and what of what was read doesn't go along.

    `read` is the fingerprint of what was shown: when the file has changed since, it comes back to be read again, with all that
    was ticked. `submission` tells a form sent twice from two files.
    """

    to = forms.CharField(
        label=_("Name of the one who receives it"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    ground = forms.ChoiceField(label=_("On what legal ground?"))
    without = forms.MultipleChoiceField(widget=_OnThePage(), required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)
    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, given: own_file.Given, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = given.fingerprint
        self.fields["without"].choices = [(key, key) for key in given.keys]  # type: ignore[attr-defined]
        self.fields["read"].initial = self.shown
        choices = catalogue.grounds().choices_on(today, get_language() or "sv")
        self.fields["ground"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is made is what was read."""
        if self.cleaned_data.get("read") != self.shown:
            sent = self.data.copy()  # type: ignore[attr-defined]  # what was sent is a QueryDict
            sent["read"] = self.shown
            self.data = sent
            raise forms.ValidationError(_("Something in the file has changed since you read it. Read it again before it's made."))
        return self.cleaned_data

    @property
    def chosen(self) -> set[str]:
        """What is ticked."""
        return set(self["without"].value() or ())


class AllowForm(forms.Form):
    reason = forms.CharField(
        label=_("Why may it leave all the same?"),
        help_text=_("Someone else must also look and say why. It's written in the list of disclosures."),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )


class LeaveForm(forms.Form):
    way = forms.ChoiceField(label=_("How does it leave?"), choices=Way.choices, widget=Radios())


class LedgerForm(forms.Form):
    """The ledger's filter; what isn't understood is left out."""

    q = forms.CharField(required=False, max_length=80, label=_("Case number or name of the one who decided"))
    recipient = forms.ChoiceField(required=False, label=_("Who receives it?"), choices=[("", _("All")), *Recipient.choices])
    state = forms.ChoiceField(required=False, label=_("Status"), choices=[("", _("All")), *State.choices])
