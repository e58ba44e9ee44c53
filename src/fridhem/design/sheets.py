"""The fields of a form for what a sheet asks, in the reader's language."""

from django import forms
from django.utils.translation import get_language

from fridhem.design.forms import Radios
from fridhem.pure.sheets.sheet import Sheet


def question_fields(sheet: Sheet | None) -> dict[str, forms.Field]:
    """A field for each question, by its name; none for a sheet that no longer exists."""
    language = get_language() or "sv"
    return {
        question.name: forms.ChoiceField(
            label=question.words.in_(language),
            choices=[(answer.code, answer.words.in_(language)) for answer in question.answers],
            widget=Radios(),
        )
        for question in (sheet.questions if sheet else ())
    }
