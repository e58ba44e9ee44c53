"""Is the input well-formed? Not: is it allowed. A routine becomes a form of our own components."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.design.sheets import question_fields
from fridhem.foundation.accounts.models import User
from fridhem.rooms.processes import queries as processes
from fridhem.rooms.reviews import rules
from fridhem.rooms.reviews.beforehand import Known, proposed
from fridhem.rooms.reviews.catalogue import Asked, Routine
from fridhem.rooms.reviews.enums import By, Standing, Status, Verdict, Why
from fridhem.rooms.reviews.models import DrawnCase

LONGEST_COMMENT, LONGEST_FINDINGS = 1_000, 4_000
NEVER = _("Never anything about a person: the words stay when the cases have been disposed of.")


class DrawForm(forms.Form):
    """Which cases, and how many of them. `submission` tells a form sent twice from two samples."""

    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(), required=False)
    process = forms.ChoiceField(label=_("Core process"), widget=Radios())
    first_day = forms.DateField(label=_("Cases opened from"), widget=forms.DateInput())
    last_day = forms.DateField(
        label=_("Cases opened until"),
        help_text=_("Choose a time that no report is about yet: figures of the same cases are told once."),
        widget=forms.DateInput(),
    )
    size = forms.IntegerField(
        label=_("Size of the sample"),
        help_text=_("At least five cases must be reviewed before the report has figures."),
        min_value=1,
        max_value=rules.MOST,
        initial=20,
    )
    size_by = forms.ChoiceField(label=_("The size is"), choices=By.choices, initial=By.CASES, widget=Radios())

    def __init__(self, data: Any = None, *, routines: Sequence[Routine], today: date) -> None:
        first = {"process": routines[0].process} if routines else {}
        first_day, last_day = rules.last_period(today)
        super().__init__(data, initial={"first_day": first_day, "last_day": last_day, **first})
        self.today = today
        language = get_language() or "sv"
        choices = [(routine.process, routine.sheet.name.in_(language)) for routine in routines]
        self.fields["process"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in order and not to come, and a share of at most all."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Write a day that is the same as the first or later."))
        elif last and last > self.today:
            self.add_error("last_day", _("Write a day that isn't to come."))
        if cleaned.get("size_by") == By.PERCENT and (cleaned.get("size") or 0) > 100:
            self.add_error("size", _("Write at most 100 per cent."))
        return cleaned


class CaseForm(forms.Form):
    """The questions of a routine held against one case. A draft may leave some unanswered.

    `saved`: what has been saved since the page was opened, when this would write over it.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput())
    saved: DrawnCase | None = None

    def __init__(self, data: Any = None, *, routine: Routine, one: DrawnCase, known: Known, user: User, whole: bool) -> None:
        self.routine, self.one, self.user, self.whole = routine, one, user, whole
        self.proposals = {each.name: proposed(each, known) for each in routine.asked}
        super().__init__(data, initial=self._known_answers())
        is_signed, fields = one.review.status == Status.SIGNED, question_fields(routine.sheet)
        for each in routine.asked:
            self.fields[each.name] = field = fields[each.name]
            field.required, field.disabled, field.help_text = whole, is_signed, self._hint(each)
            self.fields[_comment(each.name)] = _comment_field(disabled=is_signed)

    def _known_answers(self) -> dict[str, Any]:
        """What is saved, or else what the system would answer."""
        beforehand = {name: known.answer for name, known in self.proposals.items() if known}
        answers = self.one.answers if self.one.status in {Standing.DRAFT, Standing.DONE} else beforehand
        comments = {_comment(name): words for name, words in (self.one.comments or {}).items()}
        return {"revision": self.one.revision, **answers, **comments}

    def _hint(self, asked: Asked) -> str:
        """The law or routine behind a question, and what the system knows of it."""
        language, known = get_language() or "sv", self.proposals[asked.name]
        ground = processes.grounds().label_of(asked.ground, language, on=self.one.case.opened_on)
        if known is None:
            return escape(ground)
        said = _("The system's answer is “%(answer)s”. %(reason)s")
        return format_html("{}<br>{}", ground, said % {"answer": Verdict(known.answer).label, "reason": known.reason})

    def clean(self) -> dict[str, Any]:
        """What the action would refuse is said here, so that nothing written is lost."""
        cleaned = super().clean() or {}
        by_another = self.one.saved_by_id != self.user.pk
        if rules.is_overwritten(self.one.revision, cleaned.get("revision", 0), by_another=by_another, whole=self.whole):
            self.saved = self.one
            raise ValidationError(
                _("This case has been saved since you opened it. Read what it says now before you save yours instead.")
            )
        return cleaned

    def said(self) -> Iterator[tuple[str, str, str]]:
        """What has been saved: question, answer and comment in words."""
        if self.saved is None:
            return
        language, comments = get_language() or "sv", self.saved.comments or {}
        for question in self.routine.sheet.questions:
            words = {answer.code: answer.words.in_(language) for answer in question.answers}
            answer = words.get(self.saved.answers.get(question.name, ""), "–")
            yield question.words.in_(language), answer, comments.get(question.name, "")

    def given(self) -> dict[str, Any]:
        """What was written, for the action. Only for a valid form."""
        names = self.routine.names
        return {
            "revision": self.cleaned_data["revision"],
            "answers": {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]},
            "comments": {name: words for name in names if (words := self.cleaned_data[_comment(name)])},
        }


def _comment(name: str) -> str:
    return f"comment_{name}"


def _comment_field(*, disabled: bool) -> forms.Field:
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=_("Comment"), required=False, disabled=disabled, max_length=LONGEST_COMMENT, widget=box)


class LeaveOutForm(forms.Form):
    """Why a case is left out. What a colleague has saved meanwhile isn't forgotten unread."""

    revision = forms.IntegerField(widget=forms.HiddenInput())
    why = forms.ChoiceField(label=_("Why is the case left out?"), choices=Why.choices, widget=Radios())
    words = forms.CharField(
        label=_("Tell briefly"), max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, one: DrawnCase, user: User) -> None:
        super().__init__(data, initial={"revision": one.revision})
        self.one, self.by_another = one, one.saved_by_id != user.pk

    def clean(self) -> dict[str, Any]:
        """Another reason is told, and nothing is written over."""
        cleaned = super().clean() or {}
        if rules.is_overwritten(self.one.revision, cleaned.get("revision", 0), by_another=self.by_another, whole=True):
            raise ValidationError(_("A colleague has saved this case since you opened it. Go back and read what it says now."))
        if cleaned.get("why") == Why.OTHER and not cleaned.get("words"):
            self.add_error("words", _("Tell what the reason is."))
        return cleaned


class MeasureForm(forms.Form):
    """What is to be done about what was found. `submission` tells a form sent twice from two measures."""

    submission = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(), required=False)
    what = forms.CharField(
        label=_("What is to be done?"), help_text=NEVER, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(label=_("Who sees to it?"), queryset=User.objects.none())
    due_date = forms.DateField(label=_("By when?"), widget=forms.DateInput())

    def __init__(self, *args: Any, owners: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    def clean_due_date(self) -> date:
        """A day to come, or today."""
        if self.cleaned_data["due_date"] < self.today:
            raise ValidationError(_("Write today or a day to come."))
        return self.cleaned_data["due_date"]


class SignForm(forms.Form):
    """What the review found, in words."""

    findings = forms.CharField(
        label=_("What did the review find?"),
        help_text=NEVER,
        max_length=LONGEST_FINDINGS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
