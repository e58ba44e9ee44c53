"""Is the input well-formed? Not: is it allowed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fridhem.pure.codes.code_list import CodeList
from fridhem.pure.extracts.cases import folded
from fridhem.pure.extracts.schema import Field
from fridhem.pure.extracts.table import LARGEST_FILE
from fridhem.rooms.importing import rules


class UploadForm(forms.Form):
    """A file, and which system it comes from."""

    source = forms.CharField(
        label=gettext_lazy("Which system does the extract come from?"),
        help_text=gettext_lazy("Write the same name each time: then the file is read as the last one was."),
        max_length=80,
    )
    file = forms.FileField(label=gettext_lazy("The extract"), help_text=gettext_lazy("CSV or XLSX, at most 5000 rows and 4 MB."))

    def clean_file(self) -> UploadedFile:
        """Not more than is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": LARGEST_FILE // 1_000_000})
        return file


class ColumnsForm(forms.Form):
    """Which column is what."""

    def __init__(self, *args: Any, heads: list[str], columns: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in rules.schema().fields:
            self.fields[field.name] = forms.ChoiceField(
                label=field.title,
                help_text=field.about,
                choices=[("", _("Not in the file")), *((head, head) for head in heads)],
                initial=columns.get(field.name, ""),
                required=field.required,
            )

    def clean(self) -> dict[str, Any]:
        """No column is two things."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for name, head in list(cleaned.items()):  # an error takes its field away
            if head and head in seen:
                self.add_error(name, _("The column is chosen for something else already."))
            seen.add(head)
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        """The columns that were chosen, by field."""
        return {name: head for name, head in self.cleaned_data.items() if head}


class CodesForm(forms.Form):
    """Which of our codes each of their values is."""

    def __init__(
        self,
        *args: Any,
        unlike: list[tuple[Field, list[str]]],
        codes: Mapping[str, Mapping[str, str]],
        lists: Mapping[str, CodeList],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._values: dict[str, tuple[str, str]] = {}
        self.too_many = [field.title for field, values in unlike if len(values) > rules.MOST_VALUES]
        for field, values in unlike:
            for place, value in enumerate(values if len(values) <= rules.MOST_VALUES else []):
                self._add(f"{field.name}_{place}", field, value, codes, lists[field.codes])

    def _add(self, name: str, field: Field, value: str, codes: Mapping[str, Mapping[str, str]], known: CodeList) -> None:
        language = get_language() or "sv"
        words = {code.code: code.label(language) for code in known}
        self._values[name] = (field.name, folded(value))
        self.fields[name] = forms.ChoiceField(
            label=f"{field.title}: {value}",
            choices=[("", _("None of ours")), *words.items()],
            initial=codes.get(field.name, {}).get(folded(value), ""),
            required=False,
        )

    @property
    def codes(self) -> dict[str, dict[str, str]]:
        """What was chosen, by field and folded value."""
        found: dict[str, dict[str, str]] = {}
        for name, (field, value) in self._values.items():
            found.setdefault(field, {})[value] = self.cleaned_data[name]
        return found
