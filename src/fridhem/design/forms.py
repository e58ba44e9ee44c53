"""Any Django form, rendered with label, hint, error per field and an error summary on top.

Set `FORM_RENDERER = "fridhem.design.forms.Renderer"`; then `{{ form }}` in a template is all that is needed. Django itself
links the input to its hint and error (`aria-describedby`, `aria-invalid`); this module says which markup a widget gets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import DateTimeBaseInput, Input
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

WRITE, CHOOSE = _("Write an answer."), _("Choose an answer.")


@dataclass(frozen=True)
class Kind:
    """How a widget is shown: its layout, the class of its input, and what is said when nothing was answered."""

    layout: str
    css: str
    missing: Any


# The first line that fits decides.
KINDS: tuple[tuple[type[forms.Widget], Kind], ...] = (
    (forms.CheckboxSelectMultiple, Kind("checkboxes", "govuk-checkboxes__input", _("Choose at least one."))),
    (forms.RadioSelect, Kind("radios", "govuk-radios__input", CHOOSE)),
    (forms.CheckboxInput, Kind("checkbox", "govuk-checkboxes__input", _("Tick the box to go on."))),
    (forms.MultiWidget, Kind("group", "govuk-input fh-input--part", WRITE)),
    (forms.SelectDateWidget, Kind("group", "govuk-select fh-input--part", CHOOSE)),
    (forms.Select, Kind("input", "govuk-select", CHOOSE)),
    (forms.Textarea, Kind("textarea", "govuk-textarea", WRITE)),
    (forms.FileInput, Kind("input", "govuk-file-upload", _("Choose a file."))),
    (Input, Kind("input", "govuk-input", WRITE)),
    (forms.Widget, Kind("input", "", WRITE)),
)
# Browsers' own pickers; what is typed or sent is always ISO 8601.
NATIVE: dict[type[forms.Widget], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}
# A short answer gets a short box: the box says how much is asked for.
WIDTHS: dict[str, str] = {"date": "10", "time": "5", "number": "5", "tel": "20", "datetime-local": "20"}


def _use_native_picker(widget: forms.Widget) -> None:
    if isinstance(widget, DateTimeBaseInput) and type(widget) in NATIVE and widget.input_type == "text":
        widget.input_type, widget.format = NATIVE[type(widget)]


class Field(BoundField):
    """A field of a form as the templates meet it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        for widget in (field.widget, *getattr(field.widget, "widgets", ())):
            _use_native_picker(widget)
        if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = self.kind.missing

    @cached_property
    def kind(self) -> Kind:
        """How the field's widget is shown."""
        return next(kind for widget, kind in KINDS if isinstance(self.field.widget, widget))

    @property
    def layout(self) -> str:
        """`input`, `textarea`, `radios`, `checkboxes`, `checkbox` or `group`."""
        return self.kind.layout

    @property
    def error_target(self) -> str:
        """Id of the first thing that can be filled in, for the link in the error summary; empty without ids."""
        if not self.auto_id:
            return ""
        if self.layout in ("radios", "checkboxes"):
            return self.subwidgets[0].id_for_label if self.subwidgets else self.auto_id
        if isinstance(self.field.widget, forms.MultiWidget):
            return self.subwidgets[0].data["subwidgets"][0]["attrs"]["id"]
        return self.id_for_label or self.auto_id

    @property
    def name_in_summary(self) -> str:
        """The label as it stands before the error, far from the field: `Street:` or `Where does it happen?`."""
        label = str(self.label).rstrip()
        return label if label.endswith(("?", "؟", ".", ":", "!")) else f"{label}:"

    @property
    def is_counted(self) -> bool:
        """Whether the page says how many characters are left."""
        return self.layout == "textarea" and bool(getattr(self.field, "max_length", None)) and bool(self.auto_id)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes, plus our classes. `required` stays away: the server says what is missing, in words."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if widget.is_hidden:
            return attrs
        if self.layout == "group":  # one legend, several boxes: each needs a name of its own
            attrs.setdefault("aria-label", str(self.label))
        if self.is_counted:
            attrs["aria-describedby"] = f"{attrs.get('aria-describedby') or ''} {self.auto_id}-info".strip()
        own = attrs.get("class") or widget.attrs.get("class", "")
        if css := " ".join(self._classes(widget, str(own))):
            attrs["class"] = css
        return attrs

    def _classes(self, widget: forms.Widget, own: str) -> Iterator[str]:
        css = self.kind.css
        yield from filter(None, (css, own))
        if self.is_counted:
            yield "govuk-js-character-count"
        width = WIDTHS.get(getattr(widget, "input_type", "") or "")
        if width and "width" not in own:
            yield f"govuk-input--width-{width}"
        if self.errors and css and self.layout in ("input", "textarea", "group"):
            yield f"{css.split()[0]}--error"


class Renderer(TemplatesSetting):
    """Looks up form templates in the project's own templates (`django.forms` must be an installed app)."""

    form_template_name = "design/forms/form.html"
    formset_template_name = "design/forms/formset.html"
    field_template_name = "design/forms/field.html"
    bound_field_class = Field


class _Hinted(forms.widgets.ChoiceWidget):
    """Choices of which some carry a hint, read aloud together with the choice."""

    def __init__(self, *args: Any, hints: dict[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_helptext"
        return option


class Radios(_Hinted, forms.RadioSelect):
    """Radio buttons, in a row or with a hint under some: `Radios(hints={"now": _("Someone is in danger")})`."""

    def __init__(self, *args: Any, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inline = inline


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes, with a hint under some."""
