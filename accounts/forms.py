"""Forms of the account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import KeepFor, Language, User
from moodmusic.local import zone_names


class ConsentAnswerForm(forms.Form):
    """The answer to the consent question, with the version of the text that was shown."""

    answer = forms.ChoiceField(choices=[("allow", "allow"), ("without", "without")])
    version = forms.IntegerField()
    next = forms.CharField(required=False)


class KeepForForm(forms.Form):
    """How long moods are kept; `sure` once what goes has been shown."""

    days = forms.TypedChoiceField(choices=KeepFor.choices, coerce=int)
    sure = forms.BooleanField(required=False)


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser says")), *Language.choices]


def _zones() -> list[tuple[str, Any]]:
    names = [(name, name.replace("_", " ")) for name in sorted(zone_names())]
    return [("", _("As the browser says")), *names]


class LocalForm(forms.ModelForm):
    """The account's language and time zone."""

    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        required=False,
        help_text=_("Days of your journal begin at midnight there."),
    )

    class Meta:
        model = User
        fields = ("language", "time_zone")
