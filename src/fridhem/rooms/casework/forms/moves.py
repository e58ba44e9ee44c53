"""Which cases are moved to another version of their process."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fridhem.foundation.processes.definition import Definition


class MoveForm(forms.Form):
    """For each step that the new version doesn't have: which of its steps it became. And one case's number, to move only that."""

    only = forms.CharField(
        label=_("Only one case"),
        help_text=_("Its number. Leave it empty to move all cases of the version."),
        max_length=12,
        required=False,
    )

    def __init__(self, *args: Any, old: Definition, new: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone = [node for node in old.nodes.values() if node.is_human and node.id not in new.nodes]
        steps: list[tuple[str, Any]] = [("", _("None: cases that have come there stay"))]
        steps += [(node.id, node.name) for node in new.nodes.values() if node.is_human]
        for number, node in enumerate(self.gone):
            label = _("“%(step)s” became") % {"step": node.name}
            self.fields[f"step{number}"] = forms.ChoiceField(label=label, choices=steps, required=False)
        self.order_fields([*(f"step{number}" for number in range(len(self.gone))), "only"])

    @property
    def renames(self) -> dict[str, str]:
        """Which step became which."""
        chosen = ((node.id, self.cleaned_data[f"step{number}"]) for number, node in enumerate(self.gone))
        return {was: now for was, now in chosen if now}
