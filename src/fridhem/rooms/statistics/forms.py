from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.statistics import report


class OrderForm(forms.Form):
    """Which year to count."""

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"] = forms.TypedChoiceField(label=_("Year"), coerce=int, choices=[(y, str(y)) for y in years])


class ViewForm(forms.Form):
    """Which part of a table to show. Everything has a value to begin with, so an empty form is the first view."""

    def __init__(self, *args: Any, tables: dict[int, SafeTable], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = report.dimensions(tables[max(tables)], language)
        named = [(name, title) for name, title, _codes in self.parts]
        years = [(year, str(year)) for year in sorted(tables, reverse=True)]
        across = [("", _("None")), *named, (report.YEAR, report.TITLES_OF_YEAR[language])]
        self.fields["year"] = forms.TypedChoiceField(label=_("Year"), coerce=int, choices=years)
        self.fields["rows"] = forms.ChoiceField(label=_("Rows"), choices=named)
        self.fields["columns"] = forms.ChoiceField(label=_("Columns"), required=False, choices=across)
        for name, title, codes in self.parts:
            self.fields[f"only_{name}"] = forms.ChoiceField(label=title, required=False, choices=[("", _("All")), *codes])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("rows") and given.get("rows") == given.get("columns"):
            self.add_error("columns", _("Choose something else for the columns than for the rows."))
        return given

    def view(self) -> report.View:
        """The choice; what stands as rows or columns isn't held at a code. Only for a valid form."""
        given = self.cleaned_data
        where = {name: given[f"only_{name}"] for name, *_rest in self.parts if given.get(f"only_{name}")}
        shown = (given["rows"], given["columns"])
        return report.View(given["year"], *shown, {name: code for name, code in where.items() if name not in shown})
