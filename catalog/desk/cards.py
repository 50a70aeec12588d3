"""What a song's card at the desk shows, and what its form says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.judgements import seen_of
from catalog.models import Mood, Placement, Song
from catalog.models.judgements import Source
from moodmusic.problems import DomainError


class LabelForm(forms.Form):
    """A label: moods, whether it can be told, and a point where the curator says one."""

    moods = forms.ModelMultipleChoiceField(Mood.objects, to_field_name="slug", required=False)
    ambiguous = forms.BooleanField(required=False)
    placed = forms.BooleanField(required=False)
    valence = forms.FloatField(min_value=-1, max_value=1, required=False)
    arousal = forms.FloatField(min_value=-1, max_value=1, required=False)
    seconds = forms.FloatField(required=False)
    seen = forms.CharField(required=False, max_length=60)
    blind = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        both = data.get("valence") is not None and data.get("arousal") is not None
        if data.get("placed") and not both:
            raise forms.ValidationError(_("A point needs valence and arousal."))
        return data

    @property
    def point(self) -> tuple[float, float] | None:
        """Where the curator says that the song lies."""
        data = self.cleaned_data
        return (data["valence"], data["arousal"]) if data["placed"] else None


def label_read(given: Mapping[str, Any]) -> LabelForm:
    """The form, valid; DomainError `invalid` (400) says what is wrong with it."""
    form = LabelForm(given)
    if not form.is_valid():
        words = next(iter(form.errors.values()))[0]
        raise DomainError("invalid", str(words), errors=form.errors.get_json_data())
    return form


def moods_by_key() -> list[Mood]:
    """Moods in the order of their digits: by angle on the plane, so that neighbours are alike."""
    return sorted(Mood.objects.all(), key=lambda mood: -math.atan2(mood.arousal, mood.valence))


def card_of(
    request: HttpRequest, song: Song, *, kind: str = "", blind: bool = False
) -> dict[str, Any]:
    """The context of `desk_card.html`. A blind card tells nothing that anybody said of moods."""
    moods = [] if blind else list(song.moods.all())
    return {
        "song": song,
        "seen": "" if blind else seen_of(song.pk),
        "blind": blind,
        "kind": kind,
        "moods": moods_by_key(),
        "held": {mood.slug for mood in moods},
        "point": None if blind else _curators_point(song),
        "audible": bool(song.piece) or song.files.filter(missing_since=None).exists(),
    }


def _curators_point(song: Song) -> Placement | None:
    """The point that the form carries on, so that labelling moods does not lose it."""
    if not song.placed:
        return None
    latest = song.placements.filter(source=Source.CURATOR).order_by("-pk").first()
    return latest if latest and latest.answers_id is None and latest.valence is not None else None
