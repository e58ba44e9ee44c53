from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import rules

Choices = Sequence[tuple[str, str]]


class OrderForm(forms.Form):
    """Which process and which year."""

    def __init__(self, *args: Any, processes: Choices, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(y, str(y)) for y in range(year, year - rules.YEARS, -1)]
        self.fields["key"] = forms.ChoiceField(label=_("Core process"), choices=processes)
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"), coerce=int, choices=years, help_text=_("Steps that were begun in the year are counted.")
        )


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
