"""Reading lists and feedback, each only for the listener they belong to, and what ranking needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from ml.recommend.explore import Evidence
from ml.recommend.fresh import SHOWN_DAYS
from ml.recommend.nudges import Nudges
from ml.recommend.taste import Liking
from recommendations.favourites import favourites_and_hidden
from recommendations.history import FINISHED, NOT_NOW, OVER, History, nudges_in_force
from recommendations.models import (
    ListItem,
    ListWishes,
    ModelVersion,
    Nudge,
    Play,
    Policy,
    PrivateStretch,
    Rating,
    SongList,
    Verdict,
)
from recommendations.situation import contexts_of
from recommendations.snapshot import Snapshot


def lists_of(user: User) -> QuerySet[SongList]:
    """The listener's lists, newest first."""
    return SongList.objects.filter(user=user).select_related("reading").order_by("-created_at")


def lists_as_left(user: User) -> QuerySet[SongList]:
    """The listener's lists, newest first, each as its last change of the rest left it."""
    return lists_of(user).filter(_as_left())


def lists_of_reading() -> QuerySet[SongList]:
    """Lists, each as the last change of its rest for the same reading left it."""
    return SongList.objects.filter(_as_left(reading=OuterRef("reading")))


def _as_left(**by: Any) -> Q:
    """Of a list: that it stands, and no later one with these fields ranked its rest anew."""
    root = Coalesce(OuterRef("began_as_id"), OuterRef("pk"))
    later = SongList.objects.filter(began_as=root, created_at__gt=OuterRef("created_at"), **by)
    return Q(~Exists(later.filter(taken_back=False)), taken_back=False)


def list_items(song_list: SongList) -> list[ListItem]:
    """The items in order, songs with artist and moods loaded, in six queries for any size.

    Each song carries what its listener has said of it since: `song.my_stars` (int or None, in the
    list's mood before anywhere), `song.my_verdicts` (those that leave it out here and now) and
    `song.my_nudges` (those in force, latest last).
    """
    songs = Song.objects.select_related("artist", "album").defer("features")
    songs = songs.prefetch_related("moods")
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
    nudges: dict[UUID, list[Nudge]] = {}
    asked = Nudge.objects.filter(user=song_list.user_id, song__in=ids).order_by("created_at")
    for nudge in nudges_counting(asked, emotion=song_list.emotion, now=timezone.now()):
        nudges.setdefault(nudge.song_id, []).append(nudge)
    for item in items:
        item.song.my_nudges = nudges.get(item.song_id, [])  # type: ignore[attr-defined]
        item.song.my_stars = stars.get(item.song_id)  # type: ignore[attr-defined]
        item.song.my_verdicts = verdicts.get(item.song_id, [])  # type: ignore[attr-defined]
    return items


def plays_of(user: User) -> QuerySet[Play]:
    """The listener's plays, latest first."""
    return Play.objects.filter(user=user).select_related("song__artist").order_by("-started_at")


def verdicts_of(user: User) -> QuerySet[Verdict]:
    """The listener's verdicts in force, latest first."""
    return Verdict.objects.filter(user=user).select_related("song__artist").order_by("-created_at")


def nudges_of(user: User) -> QuerySet[Nudge]:
    """What the listener asked for more or less of, latest first."""
    return Nudge.objects.filter(user=user).select_related("song__artist").order_by("-created_at")


def nudges_counting(nudges: QuerySet[Nudge], *, emotion: str, now: datetime) -> list[Nudge]:
    """Those of a listener's nudges that count in lists of a mood by now, in their order.

    "Less" counts whatever the mood, and both it and what was said in private for some hours; the
    latter while a private stretch runs. Without a mood, only what named none.
    """
    here = Q(emotion__in=("", emotion))
    if emotion:
        here |= Q(kind=Nudge.Kind.LESS)
    passing = Q(kind=Nudge.Kind.LESS) | Q(private=True)
    found = list(nudges.filter(here).exclude(passing, created_at__lte=now - OVER))
    private = [nudge.user_id for nudge in found if nudge.private]
    running = PrivateStretch.objects.filter(user__in=private, until__gt=now)
    if not private or running.exists():
        return found
    return [nudge for nudge in found if not nudge.private]


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
        When an administrator has deleted a row; it names the emotions that lack one.
    """
    rows = {policy.emotion: policy for policy in Policy.objects.filter(goal=goal)}
    missing = [emotion for emotion in EMOTIONS if emotion not in rows]
    if missing:
        raise Policy.DoesNotExist(", ".join(missing))
    policies = [rows[emotion] for emotion in EMOTIONS]
    wished = {name for policy in policies for name in policy.wishes}
    return (
        np.array([(policy.valence, policy.arousal) for policy in policies]),
        {
            name: np.array([policy.wishes.get(name, np.nan) for policy in policies], dtype=float)
            for name in sorted(wished)
        },
    )


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
    shown, days : places of the songs lately shown in this mood, and how many whole days ago
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
    *,
    user: User,
    songs: Snapshot,
    history: History,
    emotion: str,
    now: datetime,
    root: UUID | None = None,
) -> Candidates:
    """Filter and mark the songs for one listener in one mood; a few queries.

    Having been shown in the list `root`, and in what it became since, counts for nothing.
    """
    excluded = _present(songs, list(history.excluded(emotion=emotion, now=now)))
    favourites, hidden = favourites_and_hidden(user=user, songs=songs)
    allowed = ~songs.with_versions_of(excluded) & ~hidden

    likings = history.likings(emotion=emotion)
    place = songs.index_of(likings)
    liked = [song for song, at in zip(likings, place, strict=True) if at >= 0]
    values = np.array([likings[song] for song in liked], dtype=np.float64).reshape(-1, 2)
    contexts = contexts_of(
        history=history,
        emotion=emotion,
        row_of={song: row for row, song in enumerate(liked)},
    )
    nudges = _nudges(user, songs, history, emotion, now)
    liking = Liking(place[place >= 0], values[:, 0], values[:, 1], favourites, contexts, nudges)

    heard = _present(songs, history.just_heard(now=now))
    shown, days = _shown(user, songs, emotion, now, root)
    known, plays = _known(songs, history)
    return Candidates(allowed, liking, liked, heard, shown, days, known, plays)


def _nudges(
    user: User, songs: Snapshot, history: History, emotion: str, now: datetime
) -> Nudges | None:
    told = history.nudges.values()
    private = any(turned.private for nudges in told for turned in nudges.values())
    effects = nudges_in_force(
        history=history,
        emotion=emotion,
        now=now,
        in_private=private and private_until(user=user, now=now) is not None,
    )
    place = songs.index_of(effects)
    known = place >= 0
    if not known.any():
        return None
    return Nudges(place[known], np.array(list(effects.values()), dtype=np.float64)[known])


def _shown(
    user: User, songs: Snapshot, emotion: str, now: datetime, root: UUID | None
) -> tuple[np.ndarray, np.ndarray]:
    items = ListItem.objects.filter(
        song_list__user=user,
        song_list__emotion=emotion,
        song_list__unused_by=None,
        song_list__created_at__gt=now - timedelta(days=SHOWN_DAYS),
    )
    if root is not None:
        items = items.exclude(song_list=root).exclude(song_list__began_as=root)
    rows = list(items.order_by().values_list("song", "song_list__created_at"))
    place = songs.index_of(song for song, _at in rows)
    # Whole days, so that what is made again on the same day comes out the same.
    days = np.array([(now - at) // timedelta(days=1) for _song, at in rows], dtype=np.float64)
    return place[place >= 0], days[place >= 0]


def _known(songs: Snapshot, history: History) -> tuple[np.ndarray, np.ndarray]:
    rated = (song for song, said in history.said.items() if any(one.stars for one in said.values()))
    known = list({*history.heard, *rated})
    plays = [
        sum(one.completed for one in history.said[song].values()) if song in history.said else 0
        for song in known
    ]
    place = songs.index_of(known)
    return place[place >= 0], np.array(plays, dtype=np.float64)[place >= 0]


def evidence_of(*, songs: list[UUID], emotion: str) -> Evidence:
    """What all listeners did with songs, (len(songs),) each; two queries."""
    row = {song: at for at, song in enumerate(songs)}
    liked, disliked, plays = (np.zeros(len(songs)) for _each in range(3))
    heard = Play.objects.filter(song__in=songs, private=False).order_by()
    for song, mood, outcome, number in heard.values_list("song", "emotion", "outcome").annotate(
        Count("pk")
    ):
        plays[row[song]] += number
        if mood == emotion and outcome in FINISHED:
            side = liked if outcome == Play.Outcome.COMPLETED else disliked
            side[row[song]] += number
    rated = Rating.objects.filter(song__in=songs, emotion=emotion, private=False).order_by()
    for song, stars, number in rated.values_list("song", "stars").annotate(Count("pk")):
        if stars != 3:
            side = liked if stars > 3 else disliked
            side[row[song]] += number
    return Evidence(liked, disliked, plays)


def _present(songs: Snapshot, wanted: list[UUID]) -> np.ndarray:
    found = songs.index_of(wanted)
    return found[found >= 0]
