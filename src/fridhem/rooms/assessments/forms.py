"""Is the input well-formed? Not: is it allowed. An instrument becomes a form of our own components."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fridhem.design.forms import Checkboxes, Radios
from fridhem.pure.instruments.definition import Definition, Kind, Question
from fridhem.pure.instruments.expressions import Known, is_true, work_out
from fridhem.pure.instruments.filling import LONGEST_TEXT, fill
from fridhem.pure.instruments.workbook import LARGEST_FILE
from fridhem.rooms.assessments.enums import NOT_DONE

MISREAD = {
    Kind.INTEGER: gettext_lazy("Write a whole number with digits."),
    Kind.DECIMAL: gettext_lazy("Write a number with digits."),
    Kind.DATE: gettext_lazy("Write a day that there is."),
}


class UploadForm(forms.Form):
    """A form from an editor, and what is new in it."""

    file = forms.FileField(label=gettext_lazy("The form"), help_text=gettext_lazy("An XLSForm (.xlsx), at most 1 MB."))
    note = forms.CharField(
        label=gettext_lazy("What is new?"),
        help_text=gettext_lazy("In a sentence or two, for those who work by it. Never anything about a person."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_file(self) -> UploadedFile:
        """Not more than is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("The file is larger than %(most)s kB.") % {"most": LARGEST_FILE // 1000})
        return file


class PublishForm(forms.Form):
    """Which proposal was read."""

    seen = forms.CharField(widget=forms.HiddenInput())


class ProposeForm(forms.Form):
    valid_from = forms.DateField(
        label=gettext_lazy("From which day is it used?"),
        help_text=gettext_lazy("What was assessed by an earlier version stays as it is."),
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


class AboutForm(forms.Form):
    """Whom an assessment is about, and when it was made."""

    person = forms.ChoiceField(label=gettext_lazy("Who is it about?"), widget=Radios())
    happened_on = forms.DateField(label=gettext_lazy("When did you talk?"), widget=forms.DateInput())

    def __init__(self, *args: Any, people: Collection[tuple[str, str]], today: date, **kwargs: Any) -> None:
        first = next((id for id, _words in people), "")
        super().__init__(*args, **{"initial": {"person": first, "happened_on": today}, **kwargs})
        self.today = today
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        if not people:
            del self.fields["person"]

    def clean_happened_on(self) -> date:
        """Not a day to come."""
        if self.cleaned_data["happened_on"] > self.today:
            raise ValidationError(_("The conversation can't have been on a day to come."))
        return self.cleaned_data["happened_on"]


class NotDoneForm(forms.Form):
    """Why it wasn't made, and when to ask again."""

    person = forms.ChoiceField(label=gettext_lazy("Who is it about?"), widget=Radios())
    outcome = forms.ChoiceField(label=gettext_lazy("Why wasn't it made?"), choices=NOT_DONE, widget=Radios())
    words = forms.CharField(
        label=gettext_lazy("Tell briefly"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    review_on = forms.DateField(label=gettext_lazy("When do we ask again?"), required=False, widget=forms.DateInput())

    def __init__(self, *args: Any, people: Collection[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"person": next((id for id, _words in people), "")}, **kwargs})
        self.today = today
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        if not people:
            del self.fields["person"]

    def clean_review_on(self) -> date | None:
        """A day to come."""
        day: date | None = self.cleaned_data["review_on"]
        if day and day <= self.today:
            raise ValidationError(_("Write a day to come."))
        return day


# ── An instrument as a form ───────────────────────────────────────────────


@dataclass(frozen=True)
class Block:
    """A part of the form as the page shows it: the heading of a group that begins, and a note or a field."""

    heading: str
    note: str = ""
    field: BoundField | None = None


class InstrumentForm(forms.Form):
    """The questions that are asked after the answers given so far.

    `shown` are those that the page had; when the answers lead to more, `has_more` says so: they're shown, and blamed for nothing.
    """

    prefix = "q"

    def __init__(self, definition: Definition, *args: Any, shown: Collection[str] = (), today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition, self.language = definition, get_language() or "sv"
        self.filled = fill(definition, self._given(), today=today)
        known = Known({**self.filled.counted, **self.filled.answers}, today)
        for question in self.asked:
            self.fields[question.name] = _field(question, self.language, known)
        self.new = [question.name for question in self.asked if self.is_bound and question.name not in shown]

    @property
    def asked(self) -> list[Question]:
        """The questions that take an answer."""
        return [question for question in self.filled.asked if question.is_asked]

    @property
    def has_more(self) -> bool:
        """Whether the answers lead to questions that the page didn't have."""
        return bool(self.new)

    @property
    def shown(self) -> str:
        """The questions on the page, for the next time it's sent."""
        return " ".join(question.name for question in self.asked)

    def _given(self) -> dict[str, str]:
        if not self.is_bound:
            return {}
        names = [question.name for question in self.definition.questions if question.is_asked]
        return {name: " ".join(self.data.getlist(self.add_prefix(name))) for name in names}  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """What the page didn't ask isn't missing yet."""
        super().full_clean()
        for name in self.new:
            self._errors.pop(name, None)  # type: ignore[attr-defined]

    def clean(self) -> None:
        """What the instrument itself says of the answers, in its own words where it has some."""
        questions = self.definition.by_name
        for name in self.filled.misread:
            self._say(name, MISREAD.get(questions[name].kind, gettext_lazy("Choose one of the answers.")))
        for name in self.filled.missing:
            self._say(name, questions[name].required_message.in_(self.language) or gettext_lazy("Answer the question."))
        for name in self.filled.unfit:
            words = questions[name].constraint_message.in_(self.language)
            self._say(name, words or gettext_lazy("The answer doesn't fit: look at it once more."))
        for name in self.filled.uncounted:
            self._say(name, gettext_lazy("Answer the question: without it the result can't be counted."))

    def _say(self, name: str, words: Any) -> None:
        if not self.has_error(name):
            self.add_error(name, words)

    def blocks(self) -> Iterator[Block]:
        """What stands on the page, in order."""
        before = ""
        for question in self.filled.asked:
            group = question.group.in_(self.language)
            heading, before = (group if group != before else ""), group
            if question.kind == Kind.NOTE:
                yield Block(heading, note=question.words.in_(self.language))
            else:
                yield Block(heading, field=self[question.name])


def _field(question: Question, language: str, known: Known) -> forms.Field:
    required = question.required is not None and is_true(work_out(question.required, known))
    given: dict[str, Any] = {
        "label": question.words.in_(language),
        "help_text": question.hint.in_(language).replace("&", "&amp;").replace("<", "&lt;"),
        "required": required,
    }
    if required and question.required_message:
        given["error_messages"] = {"required": question.required_message.in_(language)}
    choices = [(choice.code, choice.words.in_(language)) for choice in question.choices]
    if question.kind == Kind.SELECT_ONE:
        return forms.ChoiceField(choices=choices, widget=Radios(), **given)
    if question.kind == Kind.SELECT_MULTIPLE:
        return forms.MultipleChoiceField(choices=choices, widget=Checkboxes(), **given)
    if question.kind == Kind.DATE:
        return forms.DateField(widget=forms.DateInput(), **given)
    if question.kind == Kind.TEXT:
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), **given)
    mode = "numeric" if question.kind == Kind.INTEGER else "decimal"
    css = "govuk-input--width-5"
    return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": mode, "class": css}), **given)
