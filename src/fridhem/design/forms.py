"""Any Django form, rendered with label, hint, error per field and an error summary on top.

Set `FORM_RENDERER = "fridhem.design.forms.Renderer"`; then `{{ form }}` in a template is all that is needed. Django itself
links the input to its hint and error (`aria-describedby`, `aria-invalid`); this module says which markup a widget gets.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.utils.translation import gettext_lazy as _

# The first line that fits decides: how the field is laid out, and the class of its input.
KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes", ""),
    (forms.RadioSelect, "radios", ""),
    (forms.CheckboxInput, "checkbox", ""),
    (forms.MultiWidget, "group", ""),
    (forms.SelectDateWidget, "group", ""),
    (forms.Select, "input", "govuk-select"),
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.FileInput, "input", "govuk-file-upload"),
    (Input, "input", "govuk-input"),
)
# Browsers' own pickers; what is typed or sent is always ISO 8601.
NATIVE: dict[type[forms.Widget], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}
# A short answer gets a short box: the box says how much is asked for.
WIDTHS: dict[str, str] = {"date": "10", "time": "5", "number": "5", "tel": "20", "datetime-local": "20"}


# What is said when nothing was answered, unless the form has better words of its own.
MISSING: dict[str, Any] = {
    "radios": _("Choose an answer."),
    "checkboxes": _("Choose at least one."),
    "checkbox": _("Tick the box to go on."),
}


class Field(BoundField):
    """A field of a form as the templates meet it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        widget = field.widget
        if type(widget) in NATIVE and widget.input_type == "text":
            widget.input_type, widget.format = NATIVE[type(widget)]
        if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = MISSING.get(self.kind, _("Write an answer."))

    @property
    def kind(self) -> str:
        """The layout: `input`, `textarea`, `radios`, `checkboxes`, `checkbox` or `group`."""
        return self._kind[0]

    @property
    def error_target(self) -> str:
        """Id of the first thing that can be filled in, for the link in the error summary; empty without ids."""
        if not self.auto_id:
            return ""
        if self.kind in ("radios", "checkboxes"):
            return self.subwidgets[0].id_for_label if self.subwidgets else self.auto_id
        if isinstance(self.field.widget, forms.MultiWidget):
            return f"{self.auto_id}{self.field.widget.widgets_names[0]}"
        return self.id_for_label or self.auto_id

    @property
    def name_in_summary(self) -> str:
        """The label as it stands before the error, far from the field: `Street:` or `Where does it happen?`."""
        label = str(self.label).rstrip()
        return label if label.endswith(("?", "؟", ".", ":", "!")) else f"{label}:"

    @property
    def hints(self) -> dict[Any, str]:
        """A hint for each value of a choice, from `Radios` or `Checkboxes`."""
        return getattr(self.field.widget, "hints", {})

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes, plus our classes. `required` stays away: the server says what is missing, in words."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if widget.is_hidden:
            return attrs
        attrs["class"] = " ".join(self._classes(widget, attrs.get("class") or widget.attrs.get("class", "")))
        if not attrs["class"]:
            del attrs["class"]
        return attrs

    @property
    def _kind(self) -> tuple[str, str]:
        for widget, kind, name in KINDS:
            if isinstance(self.field.widget, widget):
                return kind, name
        return "input", ""

    def _classes(self, widget: forms.Widget, own: str) -> Iterator[str]:
        kind, name = self._kind
        if kind in ("radios", "checkboxes", "checkbox"):
            name = "govuk-radios__input" if kind == "radios" else "govuk-checkboxes__input"
        if kind == "group":
            name = "govuk-input fh-input--part"
        yield from filter(None, (name, own))
        width = WIDTHS.get(getattr(widget, "input_type", "") or "")
        if width and "width" not in own:
            yield f"govuk-input--width-{width}"
        if self.errors and kind in ("input", "textarea", "group"):
            yield f"{name.split()[0]}--error"


class Renderer(TemplatesSetting):
    """Looks up form templates in the project's own templates (`django.forms` must be an installed app)."""

    form_template_name = "design/forms/form.html"
    formset_template_name = "design/forms/formset.html"
    field_template_name = "design/forms/field.html"
    bound_field_class = Field


class Radios(forms.RadioSelect):
    """Radio buttons where some choices carry a hint: `Radios(hints={"now": _("Someone is in danger")})`."""

    def __init__(self, *args: Any, hints: dict[Any, str] | None = None, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}
        self.inline = inline


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes where some choices carry a hint."""

    def __init__(self, *args: Any, hints: dict[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}
