from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.processes.logs import BadLog, LoggedCase, read_log
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import rules

Choices = Sequence[tuple[str, str]]
LARGEST = 20  # MB of a log: it's read while the page waits


class OrderForm(forms.Form):
    """Which process and which year."""

    def __init__(self, *args: Any, processes: Choices, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(y, str(y)) for y in range(year, year - rules.YEARS, -1)]
        self.fields["key"] = forms.ChoiceField(label=_("Core process"), choices=processes)
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"), coerce=int, choices=years, help_text=_("Steps that were begun in the year are counted.")
        )


class LogForm(forms.Form):
    """A log from another system and the process that it's held against. What is wrong in the log is said at it, row by row."""

    def __init__(self, *args: Any, processes: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["key"] = forms.ChoiceField(label=_("Core process"), choices=processes)
        self.fields["file"] = forms.FileField(
            label=_("The log"),
            help_text=_(
                "CSV (UTF-8) with the columns ärende, steg, klart, and if you have them påbörjat, enhet, avslutat. Or XES."
            ),
        )

    def clean_file(self) -> list[LoggedCase]:
        """The cases in the log."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST * 1_000_000:
            raise ValidationError(_("The file is larger than %(most)s MB: divide it by year.") % {"most": LARGEST})
        try:
            return read_log(file.read(), on=self.today)
        except BadLog as bad:
            raise ValidationError(list(bad.faults)) from None


class PartForm(forms.Form):
    """Which part of a measurement to show: whatever it's counted by beside steps and what happened. Empty means all."""

    def __init__(self, *args: Any, table: SafeTable, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in table.dimensions:
            if dimension.name not in {"step", "outcome"}:
                codes = [("", _("All")), *((code, dimension.label(code, language)) for code in dimension.codes[1:])]
                label = dimension.title(language)
                self.fields[dimension.name] = forms.ChoiceField(label=label, required=False, choices=codes)

    def part(self) -> dict[str, str]:
        """The codes that the figures are held at. Only for a valid form."""
        return {name: code for name, code in self.cleaned_data.items() if code}
