from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.audit.enums import AlertOutcome
from fridhem.rooms.oversight import queries
from fridhem.rooms.oversight.enums import Answer, Outcome


class AnswerForm(forms.Form):
    """Why did you open this?"""

    answer = forms.ChoiceField(
        label=_("Why did you open this?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best.")},
    )


class DecideForm(forms.Form):
    """What came of a question."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )


class AcknowledgeForm(forms.Form):
    """What an alert was."""

    outcome = forms.ChoiceField(
        label=_("What was it?"),
        choices=AlertOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it was.")},
    )


class RecordForm(forms.Form):
    """Which lines of the record; by colleague, case or day."""

    colleague = forms.ModelChoiceField(
        label=_("Colleague"), queryset=queries.colleagues(), required=False, empty_label=_("Anyone")
    )
    number = forms.CharField(label=_("Case number"), required=False, max_length=12)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ExtractForm(forms.Form):
    """Whose extract: by the number of the case."""

    number = forms.CharField(
        label=_("Case number"), max_length=12, error_messages={"required": _("Write the number of the case, such as V-7K3Q9.")}
    )
