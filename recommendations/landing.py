"""What the first page shows to visitors: an example of a reading, and songs of the demo for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import ExpressionWrapper, F, FloatField, Value

from catalog.models import Song
from catalog.selectors import songs_visible
from emotions.selectors import point_of
from recommendations.reading_page import LIKELIEST
from recommendations.templatetags.mood_map import drawn

#: A face as the reader might see one. No person's: the page says that it is an example.
EXAMPLE = {
    "angry": 0.01,
    "disgust": 0.01,
    "fear": 0.02,
    "happy": 0.71,
    "sad": 0.02,
    "surprise": 0.16,
    "neutral": 0.07,
}
SONGS = 4
#: Which songs are shown changes with the catalogue only, and finding them reads all of it.
KEPT_S = 3600
KEY = "recommendations:landing"
AXES = ("valence", "arousal")


def example() -> dict[str, Any]:
    """The example's likeliest emotions, its map, and songs where the demo catalogue is here."""
    ranked = sorted(EXAMPLE.items(), key=lambda pair: -pair[1])
    point = point_of(EXAMPLE)
    songs = _songs(point)
    return {
        "emotion": ranked[0][0],
        "confidence": ranked[0][1],
        "likeliest": [{"emotion": name, "share": share} for name, share in ranked[:LIKELIEST]],
        "songs": songs,
        "map": drawn(point, point, list(enumerate(songs, start=1)), linked=False),
    }


def _songs(point: tuple[float, float]) -> list[Song]:
    """The demo's songs nearest to a point, of artists that all differ.

    Only the demo's: which other songs are here is nobody's business before a sign-in.
    """
    found: list[UUID] | None = cache.get(KEY)
    demo = songs_visible().exclude(piece="").filter(placed=True)
    if found is None:
        valence, arousal = (F(name) - Value(at) for name, at in zip(AXES, point, strict=True))
        away = ExpressionWrapper(valence * valence + arousal * arousal, output_field=FloatField())
        nearest = demo.order_by(away, "pk").values_list("artist", "pk")[: SONGS * 10]
        first_of: dict[int, UUID] = {}
        for artist, pk in nearest:
            first_of.setdefault(artist, pk)
        found = list(first_of.values())[:SONGS]
        cache.set(KEY, found, KEPT_S)
    songs = demo.prefetch_related("moods").defer("features").in_bulk(found)
    return [songs[pk] for pk in found if pk in songs]
