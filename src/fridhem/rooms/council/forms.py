from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

MAX_FILES = 50
MB = 1024 * 1024


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
    """Files to take in. `sent` is the request's size in bytes: Django leaves out every file of one that is too large."""

    documents = FilesField(label=pgettext_lazy("council", "Documents"))

    def __init__(self, *args: Any, sent: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        field = self.fields["documents"]
        field.help_text = _("PDF, Word (DOCX) or plain text: at most %(files)d files and %(size)d MB at a time.") % {
            "files": MAX_FILES,
            "size": most // MB,
        }
        field.error_messages["required"] = _("Choose at least one file.")
        if sent > most:
            field.error_messages["required"] = _(
                "The files are %(sent)d MB together. Choose at most %(size)d MB at a time; nothing has been taken in."
            ) % {"sent": max(round(sent / MB), most // MB + 1), "size": most // MB}
