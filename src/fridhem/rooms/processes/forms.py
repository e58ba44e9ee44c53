"""Is the input well-formed? Not: is it allowed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.design.sheets import question_fields
from fridhem.foundation.processes.xml import LONGEST_FILE
from fridhem.pure.decisions.table import Column, Kind, Table, Value
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes import wording
from fridhem.rooms.processes.wording import Words

MOST_NUMBER = 999_999_999  # what a cell can hold


class UploadForm(forms.Form):
    """A diagram from an editor, and what is new in it."""

    file = forms.FileField(label=_("The diagram"), help_text=_("A BPMN 2.0 file (.bpmn or .xml) from any editor, at most 1 MB."))
    note = forms.CharField(
        label=_("What is new?"),
        help_text=_("In a sentence or two, for those who work by it. Never anything about a person."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_file(self) -> UploadedFile:
        """Not more than is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LONGEST_FILE:
            raise ValidationError(_("The file is larger than %(most)s kB.") % {"most": LONGEST_FILE // 1000})
        return file


class UploadTableForm(UploadForm):
    """A decision table from an editor, and what is new in it."""

    file = forms.FileField(label=_("The decision table"), help_text=_("A DMN file (.dmn or .xml) from any editor, at most 1 MB."))


class ProposeForm(forms.Form):
    valid_from = forms.DateField(
        label=_("From which day do new cases begin on it?"),
        help_text=_("Cases that are running stay on their version until they are moved."),
        widget=forms.DateInput(),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"valid_from": today}, **kwargs})
        self.today = today

    def clean_valid_from(self) -> date:
        """A version begins when it's published, or later."""
        if self.cleaned_data["valid_from"] < self.today:
            raise ValidationError(_("A version can't begin before it's published: write today or a later day."))
        return self.cleaned_data["valid_from"]


class ProposeTableForm(ProposeForm):
    valid_from = forms.DateField(
        label=_("From which day does it decide?"),
        help_text=_("In every case that comes to it then, also those that are running. What has been decided stays."),
        widget=forms.DateInput(),
    )


class PublishForm(forms.Form):
    """Which proposal was read."""

    seen = forms.CharField(widget=forms.HiddenInput())


class TryForm(forms.Form):
    """The questions of a step in the sandbox; nothing is written there."""

    task = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, sheet: Sheet | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields |= question_fields(sheet)

    @property
    def answers(self) -> dict[str, str]:
        """The answers to the questions, by their codes."""
        return {question.name: self.cleaned_data[question.name] for question in (self.sheet.questions if self.sheet else ())}


class WaitForm(forms.Form):
    days = forms.IntegerField(label=_("Days that pass"), min_value=1, max_value=1000, initial=14)


class BeginForm(forms.Form):
    """What is known from the start of the case that is tried."""

    age_group = forms.ChoiceField(
        label=_("Who is the case about?"), choices=[("adult", _("An adult")), ("child", _("A child"))], widget=Radios(inline=True)
    )


class TryTableForm(forms.Form):
    """The questions of a decision table, to be tried; nothing is kept."""

    prefix = "q"  # a question is named in a file from outside

    def __init__(self, table: Table, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.fields |= {column.name: _tried(column, words) for column in table.inputs}

    @property
    def answers(self) -> dict[str, Value]:
        """What was filled in, of the kinds that the table's questions have."""
        given = {column: self.cleaned_data[column.name] for column in self.table.inputs}
        return {column.name: value == "true" if column.kind == Kind.BOOLEAN else value for column, value in given.items()}


def _tried(column: Column, words: Words) -> forms.Field:
    if column.kind == Kind.NUMBER:
        low, high = column.among.low, column.among.high
        return forms.IntegerField(
            label=column.label, min_value=-MOST_NUMBER if low is None else low, max_value=MOST_NUMBER if high is None else high
        )
    if column.kind == Kind.CODE:
        choices = [(code, wording.value(column, code, words)) for code in column.codes]
    else:
        choices = [(written, wording.value(column, written == "true", words)) for written in ("true", "false")]
    return forms.ChoiceField(label=column.label, choices=choices, widget=Radios())
