from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fridhem.design.forms import Radios
from fridhem.rooms.retention.enums import ExclusionReason, HoldGround

WORDS = 1000  # characters


class HoldForm(forms.Form):
    """Why something may not be disposed of, and when to look at it again."""

    ground = forms.ChoiceField(
        label=_("Why may it not be disposed of?"),
        choices=HoldGround.choices,
        widget=Radios,
        error_messages={"required": _("Choose a reason.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed. Team leaders can read it."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput,
        help_text=_("The hold doesn't end by itself: someone must lift it."),
        error_messages={"required": _("Write a day.")},
    )

    def clean_review_on(self):
        day = self.cleaned_data["review_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return day

    def clean(self):
        if self.cleaned_data.get("ground") == HoldGround.OTHER and not self.cleaned_data.get("words"):
            self.add_error("words", _("Say which reason."))
        return self.cleaned_data


class LiftForm(forms.Form):
    """Why a hold is no longer needed."""

    words = forms.CharField(
        label=_("Why is the hold no longer needed?"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


class ExcludeForm(forms.Form):
    """Why a line is taken out of a list."""

    reason = forms.ChoiceField(
        label=_("Why is it taken out?"),
        choices=ExclusionReason.choices,
        widget=Radios,
        error_messages={"required": _("Choose a reason.")},
    )
