from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fridhem.pure.reader import MAX_BYTES

MAX_FILES = 50


class ManyFiles(forms.ClearableFileInput):
    """The browser's own picker, for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; each is checked by itself when it is read, so that a bad one stops no other."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Give the list of files. Raises `ValidationError` for none or too many."""
        files = [file for file in data if file] if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(most)d files at a time."), code="many", params={"most": MAX_FILES})
        return files


class TakeInForm(forms.Form):
    documents = FilesField(
        label=pgettext_lazy("council", "Documents"),
        help_text=_("PDF, Word (DOCX) or plain text, at most %(size)d MB each. You can choose several at once.")
        % {"size": MAX_BYTES // 1_000_000},
        error_messages={"required": _("Choose at least one file.")},
    )
