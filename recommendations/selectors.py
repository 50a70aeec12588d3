"""Reading lists and feedback, each only for the listener they belong to, and what ranking needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Count, Prefetch, QuerySet

from accounts.models import User
from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from ml.recommend.explore import Evidence
from ml.recommend.fresh import SHOWN_DAYS
from ml.recommend.taste import Liking
from recommendations.history import FINISHED, History
from recommendations.models import (
    ListItem,
    ListWishes,
    ModelVersion,
    Play,
    Policy,
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
    list's mood before anywhere) and `song.my_verdicts` (the verdicts in force here).
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
    for verdict in Verdict.objects.filter(
        user=song_list.user_id, song__in=ids, emotion__in=["", song_list.emotion]
    ).order_by("created_at"):
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


def model_active() -> ModelVersion | None:
    """The model that lists use, or None before the first training."""
    return ModelVersion.objects.filter(active=True).first()


def policy_points(*, goal: str) -> np.ndarray:
    """(7, 2) valence and arousal that each emotion leads to under the goal, in FER2013 order.

    Raises
    ------
    Policy.DoesNotExist
        When an administrator has deleted a row.
    """
    rows = Policy.objects.filter(goal=goal).values_list("emotion", "valence", "arousal")
    points = {emotion: (valence, arousal) for emotion, valence, arousal in rows}
    missing = [emotion for emotion in EMOTIONS if emotion not in points]
    if missing:
        raise Policy.DoesNotExist(f"no policy for {', '.join(missing)} with the goal {goal}")
    return np.array([points[emotion] for emotion in EMOTIONS])


def wishes_of(user: User) -> ListWishes:
    """How the listener wants lists to be made; an unsaved row where nothing was ever said."""
    return ListWishes.objects.filter(user=user).first() or ListWishes(user=user)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The songs a list may hold and what the listener has said, as places in a snapshot.

    Attributes
    ----------
    allowed : (n,) booleans
    liking : what was said, one row per song of `liked`
    liked : the songs' ids, in the order of the rows
    heard : places of songs heard within a day
    shown, days : places of the songs lately shown in this mood, and how many days ago each was
    known, plays : places of the songs heard or rated, and how often each was played to the end
    """

    allowed: np.ndarray
    liking: Liking
    liked: list[UUID]
    heard: np.ndarray
    shown: np.ndarray
    days: np.ndarray
    known: np.ndarray
    plays: np.ndarray


def candidates(
    *, user: User, songs: Snapshot, history: History, emotion: str, now: datetime
) -> Candidates:
    """Filter and mark the songs for one listener in one mood; one query."""
    excluded = _present(songs, list(history.excluded(emotion=emotion, now=now)))
    allowed = ~songs.with_versions_of(excluded)

    likings = history.likings(emotion=emotion)
    place = songs.index_of(likings)
    liked = [song for song, at in zip(likings, place, strict=True) if at >= 0]
    values = np.array([likings[song] for song in liked], dtype=np.float64).reshape(-1, 2)
    liking = Liking(place[place >= 0], values[:, 0], values[:, 1])

    heard = _present(songs, history.just_heard(now=now))
    shown, days = _shown(user, songs, emotion, now)
    known, plays = _known(songs, history)
    return Candidates(allowed, liking, liked, heard, shown, days, known, plays)


def _shown(
    user: User, songs: Snapshot, emotion: str, now: datetime
) -> tuple[np.ndarray, np.ndarray]:
    rows = list(
        ListItem.objects.filter(
            song_list__user=user,
            song_list__emotion=emotion,
            song_list__created_at__gt=now - timedelta(days=SHOWN_DAYS),
        )
        .order_by()
        .values_list("song", "song_list__created_at")
    )
    place = songs.index_of(song for song, _at in rows)
    days = np.array([(now - at) / timedelta(days=1) for _song, at in rows], dtype=np.float64)
    return place[place >= 0], days[place >= 0]


def _known(songs: Snapshot, history: History) -> tuple[np.ndarray, np.ndarray]:
    rated = (song for song, said in history.said.items() if any(one.stars for one in said.values()))
    known = list({*history.heard, *rated})
    plays = [
        sum(one.completed for one in history.said[song].values()) if song in history.said else 0
        for song in known
    ]
    place = songs.index_of(known)
    return place[place >= 0], np.array(plays, dtype=np.int64)[place >= 0]


def evidence_of(*, songs: list[UUID], emotion: str) -> Evidence:
    """What all listeners did with songs, (len(songs),) each; two queries."""
    row = {song: at for at, song in enumerate(songs)}
    liked, disliked, plays = (np.zeros(len(songs)) for _each in range(3))
    heard = Play.objects.filter(song__in=songs).order_by()
    for song, mood, outcome, number in heard.values_list("song", "emotion", "outcome").annotate(
        Count("pk")
    ):
        plays[row[song]] += number
        if mood == emotion and outcome in FINISHED:
            side = liked if outcome == Play.Outcome.COMPLETED else disliked
            side[row[song]] += number
    rated = Rating.objects.filter(song__in=songs, emotion=emotion).order_by()
    for song, stars, number in rated.values_list("song", "stars").annotate(Count("pk")):
        if stars != 3:
            side = liked if stars > 3 else disliked
            side[row[song]] += number
    return Evidence(liked, disliked, plays)


def _present(songs: Snapshot, wanted: list[UUID]) -> np.ndarray:
    found = songs.index_of(wanted)
    return found[found >= 0]
