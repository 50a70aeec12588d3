"""Choosing songs by what they are: the filters of the desk, as a form and as a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.desk.access import songs_of_all
from catalog.models import Artist, Mood, Song
from catalog.search.matching import LONGEST_QUERY, MOST_WORDS
from catalog.services.priority import Doubt
from moodmusic.templatetags.words import mood_name

#: Corners of a lasso; the page thins a drawn line out to fewer.
MOST_CORNERS = 80
LABELS = {
    Doubt.UNLABELLED.value: gettext_lazy("unlabelled"),
    Doubt.UNSURE.value: gettext_lazy("low confidence"),
    Doubt.DISPUTED.value: gettext_lazy("disputed"),
    Doubt.AMBIGUOUS.value: gettext_lazy("ambiguous"),
}
#: How a filter with a text is told.
SAID = {
    "q": gettext_lazy("with “%(value)s”"),
    "genre": gettext_lazy("genre %(value)s"),
    "artist": gettext_lazy("artist %(value)s"),
    "origin": gettext_lazy("origin %(value)s"),
    "language": gettext_lazy("language %(value)s"),
    "licence": gettext_lazy("licence %(value)s"),
}
NOTHING = "none"


class MoodField(forms.ModelChoiceField):
    """One of the moods, by the name that people read."""

    def label_from_instance(self, mood: Mood) -> str:
        return mood_name(mood)


class ChoiceForm(forms.Form):
    """Filters; together they narrow further. Every field may stay empty."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=LONGEST_QUERY)
    mood = MoodField(
        Mood.objects.all(),
        label=gettext_lazy("Mood"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("any"),
    )
    waits = forms.ChoiceField(
        label=gettext_lazy("Waits as"),
        required=False,
        choices=[("", gettext_lazy("anything")), *LABELS.items()],
    )
    genre = forms.CharField(label=gettext_lazy("Genre"), required=False, max_length=60)
    artist = forms.CharField(label=gettext_lazy("Artist"), required=False, max_length=200)
    origin = forms.CharField(label=gettext_lazy("Origin"), required=False, max_length=40)
    language = forms.CharField(label=gettext_lazy("Language"), required=False, max_length=12)
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False, max_length=60)
    #: Corners on the map, "valence,arousal;valence,arousal;...": two make a rectangle.
    area = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_area(self) -> np.ndarray | None:
        return corners_read(self.cleaned_data["area"])


def corners_read(text: str) -> np.ndarray | None:
    """(n, 2) corners on the plane, or None for none; ValidationError for anything else."""
    if not text:
        return None
    try:
        corners = np.array([[float(part) for part in pair.split(",")] for pair in text.split(";")])
    except ValueError as error:
        raise forms.ValidationError(_("The area is not a list of points.")) from error
    shaped = corners.ndim == 2 and corners.shape[1] == 2 and 2 <= len(corners) <= MOST_CORNERS
    if not shaped or not np.isfinite(corners).all() or np.abs(corners).max() > 2:
        raise forms.ValidationError(_("The area is two to eighty points on the plane."))
    return corners


@dataclass(frozen=True, slots=True)
class Choice:
    """Songs by their filters.

    Attributes
    ----------
    given : {field: value} of the filters in use, as the address has them
    area : (n, 2) corners of a rectangle or a lasso on the map, or None
    """

    given: Mapping[str, str] = field(default_factory=dict)
    area: np.ndarray | None = None

    def __bool__(self) -> bool:
        return bool(self.given)

    @property
    def words(self) -> str:
        """The filter for people."""
        said = []
        for name, value in self.given.items():
            if name == "area":
                said.append(_("an area of the map"))
            elif name == "waits":
                said.append(str(LABELS[value]))
            elif name == "mood":
                mood = Mood.objects.filter(slug=value).first()
                said.append(_("mood %(value)s") % {"value": mood_name(mood or value).lower()})
            else:
                said.append(SAID[name] % {"value": value})
        return ", ".join(said) or _("all songs")

    def songs(self) -> QuerySet[Song]:
        """The songs, before a lasso is cut out of its rectangle."""
        songs, given = songs_of_all(), self.given
        for word in given.get("q", "").split()[:MOST_WORDS]:
            songs = songs.filter(Q(title__icontains=word) | Q(artist__name__icontains=word))
        if "mood" in given:
            songs = songs.filter(moods__slug=given["mood"])
        if "waits" in given:
            songs = songs.filter(doubt=given["waits"])
        if "artist" in given:
            named = Artist.objects.filter(name__iexact=given["artist"]).order_by()
            songs = songs.filter(artist__in=named)
        for name in ("genre", "origin", "language", "licence"):
            if name in given:
                nothing = given[name] == NOTHING
                songs = songs.filter(**{name: ""} if nothing else {f"{name}__iexact": given[name]})
        if self.area is not None:
            (left, low), (right, high) = self.area.min(axis=0), self.area.max(axis=0)
            songs = songs.filter(
                placed=True, hidden=False, valence__range=(left, right), arousal__range=(low, high)
            )
        return songs

    def found(self) -> list[tuple[UUID, int]]:
        """Keys and revisions of all songs chosen, without order."""
        rows = self.songs().order_by()
        if self.area is None or len(self.area) == 2:
            return list(rows.values_list("pk", "revision"))
        told = list(rows.values_list("pk", "revision", "valence", "arousal"))
        if not told:
            return []
        within = inside(np.array([row[2:] for row in told]), self.area)
        return [row[:2] for row, kept in zip(told, within, strict=True) if kept]


def inside(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(n,) whether each of (n, 2) points lies in the polygon, by the even-odd rule.

    A ray to the right crosses the polygon's edges an odd number of times from within.
    """
    x, y = points[:, :1], points[:, 1:]
    (ax, ay), (bx, by) = corners.T, np.roll(corners, -1, axis=0).T
    spans = (ay > y) != (by > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = ax + (y - ay) * (bx - ax) / (by - ay)
    within: np.ndarray = (spans & (x < crossing)).sum(axis=1) % 2 == 1
    return within


def choice_of(form: ChoiceForm) -> Choice:
    """The filters of a valid form."""
    data: dict[str, Any] = form.cleaned_data
    given = {}
    for name in form.fields:
        value = data.get(name)
        if name == "area":
            value = form["area"].value() if data["area"] is not None else ""
        elif isinstance(value, Mood):
            value = value.slug
        if value:
            given[name] = str(value)
    return Choice(given, data.get("area"))
