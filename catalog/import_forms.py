"""What curators may ask to have imported."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.library.scan import is_below
from catalog.tables.formats import FORMATS

SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,59}")
#: Bytes of a table; the longest a request may be leaves no room for more.
LARGEST_TABLE = 60 * 1024 * 1024


def licence_check(text: str) -> None:
    """Raises ValidationError for what is neither an SPDX identifier nor empty."""
    if text and not SPDX.fullmatch(text):
        raise ValidationError(_("Use an SPDX identifier, such as CC-BY-4.0, or leave it empty."))


class Wish(forms.Form):
    """What both kinds of import have in common."""

    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        required=False,
        max_length=60,
        validators=[licence_check],
        help_text=gettext_lazy(
            "SPDX identifier that holds for all of it, e.g. CC-BY-4.0. Empty: unknown."
        ),
    )


class FolderForm(Wish):
    """A folder of music, below one of those that the server's owner has named."""

    prefix = "folder"

    folder = forms.ChoiceField(label=gettext_lazy("Folder"))
    below = forms.CharField(
        label=gettext_lazy("Folder in it"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Such as Ambient/2024. Empty: all of it."),
    )
    recursive = forms.BooleanField(
        label=gettext_lazy("With the folders in it"), required=False, initial=True
    )
    mood_from_folder = forms.BooleanField(
        label=gettext_lazy("Folders named after moods say the mood of their songs"), required=False
    )
    copy = forms.BooleanField(
        label=gettext_lazy("Copy the files here, instead of playing them where they are"),
        required=False,
    )
    field_order = ["folder", "below", "recursive", "mood_from_folder", "copy", "licence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["folder"].choices = [(one, one) for one in settings.MUSIC_FOLDERS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds `path`: the folder itself, without links, and surely below the one chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "folder" not in cleaned:
            return cleaned
        root = os.path.realpath(cleaned["folder"])
        try:
            path = os.path.realpath(f"{root}/{cleaned.get('below', '')}")
        except ValueError:
            raise ValidationError({"below": _("This is no name of a folder.")}) from None
        if not is_below(path, root) or not Path(path).is_dir():
            # The same words for both, so that nobody can ask what lies elsewhere.
            raise ValidationError({"below": _("There is no such folder in it.")})
        cleaned["path"] = path
        return cleaned


class TableForm(Wish):
    """A table or playlist that is sent along."""

    prefix = "table"

    file = forms.FileField(
        label=gettext_lazy("Table or playlist"),
        help_text=gettext_lazy("CSV, TSV, JSPF, XSPF or M3U, also packed as .gz; up to 60 MB."),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, name) for name in FORMATS], initial="auto"
    )
    update = forms.BooleanField(
        label=gettext_lazy("Let its values replace those of songs that are here already"),
        required=False,
    )
    field_order = ["file", "format", "licence", "update"]

    def clean_file(self) -> UploadedFile[Any]:
        """Bounded; what is in it the import itself says."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_TABLE:
            raise ValidationError(
                _("It is larger than %(limit)d MB.") % {"limit": LARGEST_TABLE // 1024**2}
            )
        return file
