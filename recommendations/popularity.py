"""What listeners like in a mood, for those of whom nothing is known yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
from django.core.cache import cache
from django.db.models import Count

from recommendations.models import Play, Rating
from recommendations.snapshot import Snapshot

#: Stars from which a rating is a liking.
LIKED = 4
#: How much more a liking in this mood counts than one in whatever mood.
IN_MOOD = 3.0
#: Seconds for which the counts of a mood are kept, and songs that are counted.
KEPT_S, COUNTED = 600, 2000


def popular_in(*, emotion: str, songs: Snapshot) -> np.ndarray:
    """(n,) float32 what liking in a mood adds to the logarithm of the songs' popularity.

    One liking in this mood outweighs those of ten listeners in others. Two queries in ten minutes.
    """
    found = cache.get_or_set(f"recommendations:popular:{emotion}", lambda: _counts(emotion), KEPT_S)
    liked: dict[UUID, int] = found or {}
    added = np.zeros(len(songs), dtype=np.float32)
    place = songs.index_of(liked)
    count = np.fromiter(liked.values(), dtype=np.float32, count=len(liked))
    added[place[place >= 0]] = IN_MOOD * np.log1p(count[place >= 0])
    return added


def _counts(emotion: str) -> dict[UUID, int]:
    """{song: likings in this mood}, of the songs with most."""
    ratings = Rating.objects.filter(emotion=emotion, stars__gte=LIKED, private=False)
    plays = Play.objects.filter(emotion=emotion, outcome=Play.Outcome.COMPLETED, private=False)
    counts: dict[UUID, int] = {}
    for song, number in (*_by_song(ratings), *_by_song(plays)):
        counts[song] = counts.get(song, 0) + number
    return counts


def _by_song(events: Any) -> Iterable[tuple[UUID, int]]:
    """Songs with the number of listeners who left such an event on them."""
    grouped = events.order_by().values("song").annotate(number=Count("user", distinct=True))
    rows: Iterable[tuple[UUID, int]] = grouped.order_by("-number", "song").values_list(
        "song", "number"
    )[:COUNTED]
    return rows


def listeners_of_songs() -> Iterable[tuple[UUID, int]]:
    """Songs with the number of listeners who played or rated them; private listening is left out.

    One pass over all plays and ratings, for a task; the catalogue's queue asks for it.
    """
    listeners: dict[UUID, set[int]] = {}
    for events in (Play.objects, Rating.objects):
        rows = events.filter(private=False).order_by().values_list("song", "user").distinct()
        for song, user in rows.iterator():
            listeners.setdefault(song, set()).add(user)
    return [(song, len(users)) for song, users in listeners.items()]
