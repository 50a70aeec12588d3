"""What listeners like in a mood, for those of whom nothing is known yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Q

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


@dataclass(frozen=True, slots=True)
class Liked:
    """What other listeners like, (n,) each.

    `scores` float32: the logarithm of the listeners who like a song at all, and what liking in the
    mood adds to it; `here` booleans: whether anybody likes it in the mood.
    """

    scores: np.ndarray
    here: np.ndarray


def liked_by_others(*, user_id: int, emotion: str, songs: Snapshot) -> Liked | None:
    """What others like, where no model says it; None as long as nobody likes anything.

    Two queries in ten minutes for each listener. What the listener likes is left out: it is no
    word of others, and taken back it must leave nothing behind.
    """
    key = f"recommendations:liked:{emotion}:{user_id}"
    found = cache.get_or_set(key, lambda: _likings_of_others(emotion, user_id), KEPT_S)
    liked: dict[UUID, tuple[int, int]] = found or {}
    place = songs.index_of(liked)
    known = place >= 0
    if not known.any():
        return None
    anywhere, here = np.array(list(liked.values()), dtype=np.float32)[known].T
    scores = np.zeros(len(songs), dtype=np.float32)
    scores[place[known]] = np.log1p(anywhere) + IN_MOOD * np.log1p(here)
    in_mood = np.zeros(len(songs), dtype=bool)
    in_mood[place[known]] = here > 0
    return Liked(scores, in_mood)


def _likings_of_others(emotion: str, user_id: int) -> dict[UUID, tuple[int, int]]:
    """{song: (likings in any mood, likings in this mood)}, of the songs with most in this mood."""
    ratings = Rating.objects.filter(stars__gte=LIKED, private=False)
    plays = Play.objects.filter(outcome=Play.Outcome.COMPLETED, private=False)
    in_mood = Count("user", distinct=True, filter=Q(emotion=emotion))
    counts: dict[UUID, tuple[int, int]] = {}
    for events in (ratings, plays):
        grouped = events.exclude(user=user_id).order_by().values("song")
        counted = grouped.annotate(number=Count("user", distinct=True), here=in_mood)
        rows = counted.order_by("-here", "-number", "song").values_list("song", "number", "here")
        for song, number, here in rows[:COUNTED]:
            before = counts.get(song, (0, 0))
            counts[song] = (before[0] + number, before[1] + here)
    return counts


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
