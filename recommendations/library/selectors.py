"""Reading a listener's playlists, favourites, most played songs and history."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from catalog.models import Song
from catalog.paging import rows_after
from catalog.selectors import songs_browsable, songs_visible
from recommendations.models import Play, Playlist, PlaylistItem, Rating

#: What a link's token looks like; anything else is none, and no text for a database.
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
#: Stars from which a song is a favourite.
FAVOURITE_STARS = 4
#: Days of each period of the most played songs; None for all time.
PERIODS: dict[str, int | None] = {"week": 7, "month": 30, "year": 365, "all": None}
#: Songs that are shown as most played.
MOST_PLAYED = 50


def playlists_of(user: User) -> QuerySet[Playlist]:
    """The listener's playlists, lately changed first, each with `songs`, its number of songs."""
    found = Playlist.objects.filter(user=user).annotate(songs=Count("items"))
    return found.order_by("-updated_at", "-pk")


def playlist_items(playlist: Playlist) -> list[PlaylistItem]:
    """The items in order whose songs their owner may look at; three queries for any size."""
    shown = songs_browsable(user=playlist.user)
    return _items(playlist, shown)


def playlist_shared(*, token: str) -> Playlist | None:
    """The playlist that a link leads to; None for a token that is wrong or taken back."""
    return Playlist.objects.filter(share_token=token).first() if TOKEN.fullmatch(token) else None


def playlist_items_shared(playlist: Playlist) -> list[PlaylistItem]:
    """The items in order that everybody may see: no song of the owner's own is among them."""
    return _items(playlist, songs_visible().select_related("artist", "album"))


def _items(playlist: Playlist, shown: QuerySet[Song]) -> list[PlaylistItem]:
    songs = shown.defer("features").prefetch_related("moods")
    items = playlist.items.filter(song__in=shown.order_by().values("pk"))
    return list(items.order_by("position").prefetch_related(Prefetch("song", queryset=songs)))


def favourite_songs(user: User) -> QuerySet[Rating, Any]:
    """{song, best, at} of songs with four or five stars in whatever mood: five stars first, then
    those rated last.
    """
    mine = Rating.objects.filter(user=user, stars__gte=FAVOURITE_STARS)
    shown = mine.filter(song__in=songs_browsable(user=user).order_by().values("pk"))
    best = shown.order_by().values("song").annotate(best=Max("stars"), at=Max("updated_at"))
    return best.order_by("-best", "-at", "song")


@dataclass(frozen=True, slots=True)
class MostPlayed:
    """A song, how often it was played to the end, and when last."""

    song: Song
    plays: int
    last: datetime


def most_played(
    *, user: User, period: str, now: datetime | None = None, limit: int = MOST_PLAYED
) -> list[MostPlayed]:
    """The songs played to the end most often within a period of PERIODS; three queries.

    Plays in private stretches, and those the listener does not want used, are left out.
    """
    plays = Play.objects.filter(user=user, outcome=Play.Outcome.COMPLETED, private=False)
    days = PERIODS[period]
    if days is not None:
        plays = plays.filter(started_at__gte=(now or timezone.now()) - timedelta(days=days))
    counted = plays.order_by().values("song").annotate(number=Count("*"), last=Max("started_at"))
    # A few more, for songs that have been hidden since.
    rows = list(counted.order_by("-number", "-last", "song")[: 2 * limit])
    songs = songs_of(user, [row["song"] for row in rows])
    found = (
        MostPlayed(songs[row["song"]], row["number"], row["last"])
        for row in rows
        if row["song"] in songs
    )
    return list(found)[:limit]


def songs_of(user: User, ids: list[UUID]) -> dict[UUID, Song]:
    """{id: song} of those the listener may look at, as rows show them."""
    songs = songs_browsable(user=user).filter(pk__in=ids).order_by()
    return {song.pk: song for song in songs.defer("features").prefetch_related("moods")}


@dataclass(frozen=True, slots=True)
class Day:
    """The plays of a day in the listener's zone, newest first."""

    date: datetime
    plays: list[Play]


def history_page(
    *, user: User, after: Play | None = None, limit: int
) -> tuple[list[Play], Play | None]:
    """So many plays, newest first, from behind `after`; and the last of them where others follow.

    Each play's `song` is as rows show it; `gone` marks those whose songs are hidden meanwhile. As
    cheap at the end of a long history as at its beginning; three queries.
    """
    plays = Play.objects.filter(user=user).select_related("song__artist", "song__album")
    rows = list(
        rows_after(plays, ("-started_at", "-pk"), after).defer("song__features")[: limit + 1]
    )
    shown = songs_of(user, [play.song_id for play in rows[:limit]])
    for play in rows[:limit]:
        play.gone = play.song_id not in shown  # type: ignore[attr-defined]
        if play.song_id in shown:
            play.song = shown[play.song_id]
    return rows[:limit], rows[limit - 1] if len(rows) > limit else None


def by_day(plays: list[Play]) -> list[Day]:
    """The plays under their days, in the time zone that is active."""
    days = groupby(plays, key=lambda play: timezone.localdate(play.started_at))
    return [Day(found[0].started_at, found) for _date, each in days if (found := list(each))]
