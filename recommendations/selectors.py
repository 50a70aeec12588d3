"""Reading lists and feedback, each only for the listener they belong to, and what ranking needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from ml.recommend.fresh import SHOWN
from ml.recommend.taste import Liking
from recommendations.favourites import favourite_songs
from recommendations.history import NOT_NOW, History
from recommendations.models import (
    ListItem,
    ModelVersion,
    Play,
    Policy,
    PrivateStretch,
    Rating,
    SongList,
    Verdict,
)
from recommendations.snapshot import Snapshot


def lists_of(user: User) -> QuerySet[SongList]:
    """The listener's lists, newest first."""
    return SongList.objects.filter(user=user).select_related("reading").order_by("-created_at")


def list_items(song_list: SongList) -> list[ListItem]:
    """The items in order, songs with artist and moods loaded, in five queries for any size.

    Each song carries what its listener has said of it since: `song.my_stars` (int or None, in the
    list's mood before anywhere) and `song.my_verdicts` (those that leave it out here and now).
    """
    songs = Song.objects.select_related("artist").defer("features").prefetch_related("moods")
    items = list(song_list.items.prefetch_related(Prefetch("song", queryset=songs)))
    ids = [item.song_id for item in items]
    stars: dict[UUID, int] = {}
    said = Rating.objects.filter(user=song_list.user_id, song__in=ids)
    for rating in said.order_by("updated_at"):
        if rating.emotion == song_list.emotion or rating.song_id not in stars:
            stars[rating.song_id] = rating.stars
    verdicts: dict[UUID, list[Verdict]] = {}
    turned = Verdict.objects.filter(
        user=song_list.user_id, song__in=ids, emotion__in=["", song_list.emotion]
    )
    past = Q(kind=Verdict.Kind.NOT_NOW, created_at__lte=timezone.now() - NOT_NOW)
    about_songs = turned.exclude(kind=Verdict.Kind.WRONG_MOOD).exclude(past)
    for verdict in about_songs.order_by("created_at"):
        verdicts.setdefault(verdict.song_id, []).append(verdict)
    for item in items:
        item.song.my_stars = stars.get(item.song_id)  # type: ignore[attr-defined]
        item.song.my_verdicts = verdicts.get(item.song_id, [])  # type: ignore[attr-defined]
    return items


def ratings_of(user: User) -> QuerySet[Rating]:
    """The listener's ratings, latest first."""
    return Rating.objects.filter(user=user).select_related("song__artist").order_by("-updated_at")


def plays_of(user: User) -> QuerySet[Play]:
    """The listener's plays, latest first."""
    return Play.objects.filter(user=user).select_related("song__artist").order_by("-started_at")


def verdicts_of(user: User) -> QuerySet[Verdict]:
    """The listener's verdicts in force, latest first."""
    return Verdict.objects.filter(user=user).select_related("song__artist").order_by("-created_at")


def private_until(*, user: User, now: datetime) -> datetime | None:
    """When the listener's private stretch ends; None when none is running."""
    until = PrivateStretch.objects.filter(user=user, until__gt=now).values_list("until", flat=True)
    return until.first()


def model_active() -> ModelVersion | None:
    """The model that lists use, or None before the first training."""
    return ModelVersion.objects.filter(active=True).first()


def policy_points(*, goal: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Where each emotion leads under the goal, in FER2013 order.

    Returns
    -------
    (7, 2) valence and arousal; and {feature: (7,) standard deviations wished for, NaN where an
    emotion wishes nothing}.

    Raises
    ------
    Policy.DoesNotExist
        When an administrator has deleted a row.
    """
    rows = {policy.emotion: policy for policy in Policy.objects.filter(goal=goal)}
    missing = [emotion for emotion in EMOTIONS if emotion not in rows]
    if missing:
        raise Policy.DoesNotExist(f"no policy for {', '.join(missing)} with the goal {goal}")
    policies = [rows[emotion] for emotion in EMOTIONS]
    wished = {name for policy in policies for name in policy.wishes}
    return (
        np.array([(policy.valence, policy.arousal) for policy in policies]),
        {
            name: np.array([policy.wishes.get(name, np.nan) for policy in policies], dtype=float)
            for name in sorted(wished)
        },
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """The songs a list may hold and what the listener has said, as places in a snapshot.

    Attributes
    ----------
    allowed : (n,) booleans
    liking : what was said, one row per song of `liked`
    liked : the songs' ids, in the order of the rows
    heard : places of songs heard within a day
    shown : places of the songs of the last lists, latest first
    """

    allowed: np.ndarray
    liking: Liking
    liked: list[UUID]
    heard: np.ndarray
    shown: list[np.ndarray]


def candidates(
    *, user: User, songs: Snapshot, history: History, emotion: str, now: datetime
) -> Candidates:
    """Filter and mark the songs for one listener in one mood; three queries."""
    allowed = np.ones(len(songs), dtype=bool)
    allowed[_present(songs, list(history.excluded(emotion=emotion, now=now)))] = False

    likings = history.likings(emotion=emotion)
    place = songs.index_of(likings)
    liked = [song for song, at in zip(likings, place, strict=True) if at >= 0]
    values = np.array([likings[song] for song in liked], dtype=np.float64).reshape(-1, 2)
    favourites = favourite_songs(user=user, songs=songs)
    liking = Liking(place[place >= 0], values[:, 0], values[:, 1], favourites)

    heard = _present(songs, history.just_heard(now=now))
    return Candidates(allowed, liking, liked, heard, _shown(user, songs))


def _shown(user: User, songs: Snapshot) -> list[np.ndarray]:
    last = list(
        SongList.objects.filter(user=user)
        .order_by("-created_at")
        .values_list("pk", flat=True)[: len(SHOWN)]
    )
    by_list: dict[UUID, list[UUID]] = {pk: [] for pk in last}
    for pk, song in ListItem.objects.filter(song_list__in=last).values_list("song_list", "song"):
        by_list[pk].append(song)
    return [_present(songs, shown) for shown in by_list.values()]


def _present(songs: Snapshot, wanted: list[UUID]) -> np.ndarray:
    found = songs.index_of(wanted)
    return found[found >= 0]
