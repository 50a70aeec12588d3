"""The events that a belief comes from: ratings, plays, verdicts, nudges and favourites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import HiddenArtist, Song
from catalog.selectors import artists_hidden
from recommendations.favourites import favourites_of
from recommendations.history import FINISHED
from recommendations.models import Favourite, Nudge, Play, Rating, Verdict
from recommendations.selectors import nudges_counting, nudges_of

Event = Rating | Verdict | Nudge | Favourite | Play | HiddenArtist
#: Plays of a song that are shown one by one.
MOST_PLAYS = 5


@dataclass(slots=True)
class SongEvents:
    """What a listener said and did with one song; of plays the latest, and how many there are."""

    song: Song
    did: float
    ratings: list[Rating] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    nudges: list[Nudge] = field(default_factory=list)
    plays: list[Play] = field(default_factory=list)
    more_plays: int = 0


def events_of(*, user: User, sources: dict[UUID, float], emotion: str) -> list[SongEvents]:
    """The events on these songs that count, in the songs' order; four queries.

    Without a mood, only those that named none.
    """
    found = _songs(sources)
    ratings = Rating.objects.filter(user=user, song__in=found, private=False)
    plays = Play.objects.filter(user=user, song__in=found, private=False, outcome__in=FINISHED)
    verdicts = verdicts_about(user).filter(song__in=found)
    if not emotion:
        ratings, plays = ratings.filter(emotion=""), plays.filter(emotion="")
        verdicts = verdicts.filter(emotion="")
    for rating in ratings.order_by("-updated_at"):
        found[rating.song_id].ratings.append(rating)
    for verdict in verdicts:
        found[verdict.song_id].verdicts.append(verdict)
    for play in plays.order_by("-started_at").defer("activity", "daypart"):
        of_song = found[play.song_id]
        if len(of_song.plays) < MOST_PLAYS:
            of_song.plays.append(play)
        else:
            of_song.more_plays += 1
    return list(found.values())


def nudges_on(
    *, user: User, sources: dict[UUID, float], emotion: str, now: datetime
) -> list[SongEvents]:
    """What more or less was asked for of songs like these, as it counts in a mood by now.

    Without a mood, what named none.
    """
    found = _songs(sources)
    nudges = nudges_of(user).filter(song__in=found)
    for nudge in nudges_counting(nudges, emotion=emotion, now=now):
        found[nudge.song_id].nudges.append(nudge)
    return list(found.values())


def _songs(sources: dict[UUID, float]) -> dict[UUID, SongEvents]:
    songs = Song.objects.select_related("artist").defer("features").in_bulk(list(sources))
    return {pk: SongEvents(songs[pk], did) for pk, did in sources.items() if pk in songs}


def verdicts_about(user: User) -> QuerySet[Verdict]:
    """What the listener turned down, latest first; not the moods that were read wrong."""
    verdicts = Verdict.objects.filter(user=user).exclude(kind=Verdict.Kind.WRONG_MOOD)
    return verdicts.select_related("song__artist").order_by("-created_at")


def event_named(*, user: User, kind: str, key: str) -> Event | None:
    """One of the listener's events by its kind and key; None where there is none."""
    kinds: dict[str, QuerySet[Any]] = {
        "rating": Rating.objects.filter(user=user).select_related("song"),
        "verdict": verdicts_about(user),
        "nudge": nudges_of(user),
        "favourite": favourites_of(user),
        "play": Play.objects.filter(user=user).select_related("song"),
        "artist": artists_hidden(user=user),
    }
    if kind not in kinds:
        return None
    try:
        found: Event | None = kinds[kind].filter(pk=key).first()
    except (ValueError, ValidationError, OverflowError):
        return None
    return found


def hidden_things(user: User) -> tuple[list[Verdict], Iterable[HiddenArtist]]:
    """Songs turned down for good or for a mood, and hidden artists, latest first."""
    kinds = (Verdict.Kind.NEVER, Verdict.Kind.NOT_FOR_THIS_MOOD)
    return list(verdicts_about(user).filter(kind__in=kinds)), artists_hidden(user=user)
