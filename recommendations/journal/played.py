"""What a listener played in which mood, and playing it again.

Plays of a private stretch are left out, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from catalog.models import HiddenArtist, Song
from catalog.selectors import songs_browsable
from emotions.journal.periods import Period
from emotions.models import Emotion
from recommendations.history import BROWSING_S
from recommendations.models import Play, Verdict

#: Songs and artists named for each mood.
TOP = 3
#: Songs that are played again at most.
MOST_AGAIN = 100
#: Heard for more than a moment.
HEARD = Q(outcome=Play.Outcome.COMPLETED) | Q(position_s__gte=BROWSING_S)


@dataclass(slots=True)
class Played:
    """What was played in one mood: how many plays, and the songs and artists played most."""

    emotion: str
    plays: int = 0
    songs: list[Mapping[str, Any]] = field(default_factory=list)
    artists: list[Mapping[str, Any]] = field(default_factory=list)


def plays_in_mood(*, user: User, period: Period | None = None) -> QuerySet[Play]:
    """Plays of a list, heard for more than a moment, of a period or of all time; unordered."""
    plays = Play.objects.filter(HEARD, user=user, private=False).exclude(emotion="").order_by()
    if period is None:
        return plays
    return plays.filter(started_at__gte=period.start, started_at__lt=period.end)


def played_of(*, user: User, period: Period | None = None) -> list[Played]:
    """Each mood in which something was played, those with most plays first; three queries."""
    plays = plays_in_mood(user=user, period=period)
    found: dict[str, Played] = {}
    for emotion, number in plays.values_list("emotion").annotate(Count("pk")):
        found[emotion] = Played(emotion, number)
    if not found:
        return []
    hearable = plays.filter(song__hidden=False)
    songs = hearable.values("emotion", "song", title=F("song__title"), by=F("song__artist__name"))
    for row in _top(songs, "song"):
        found[row["emotion"]].songs.append(row)
    artists = hearable.values("emotion", artist=F("song__artist"), name=F("song__artist__name"))
    for row in _top(artists, "artist"):
        found[row["emotion"]].artists.append(row)
    order = Emotion.values
    return sorted(found.values(), key=lambda one: (-one.plays, order.index(one.emotion)))


def _top(rows: Any, last: str) -> Any:
    """The `TOP` rows of each emotion, by number of plays, then by how lately."""
    ranked = rows.annotate(number=Count("pk"), lately=Max("started_at")).annotate(
        rank=Window(
            RowNumber(),
            partition_by=F("emotion"),
            order_by=[F("number").desc(), F("lately").desc(), F(last).asc()],
        )
    )
    return ranked.filter(rank__lte=TOP).order_by("emotion", "rank")


def songs_again(*, user: User, emotion: str) -> list[Song]:
    """What the listener heard in a mood and may hear again, the most played first.

    Left out are songs turned down for good or for this mood, songs of hidden artists, and what has
    left the catalogue. Each song says how often it was played then (`times`).
    """
    turned = Verdict.objects.filter(
        Q(kind=Verdict.Kind.NEVER) | Q(kind=Verdict.Kind.NOT_FOR_THIS_MOOD, emotion=emotion),
        user=user,
    ).order_by()
    here = songs_browsable(user=user).order_by().values("pk")
    rows = (
        plays_in_mood(user=user)
        .filter(emotion=emotion, song__in=here)
        .exclude(song__in=turned.values("song"))
        .exclude(song__artist__in=HiddenArtist.objects.filter(user=user).values("artist"))
        .values_list("song")
        .annotate(number=Count("pk"), lately=Max("started_at"))
        .order_by("-number", "-lately", "song")[:MOST_AGAIN]
    )
    times = {song: number for song, number, _lately in rows}
    songs = {
        song.pk: song
        for song in songs_browsable(user=user)
        .filter(pk__in=times)
        .defer("features")
        .prefetch_related("moods")
    }
    found = [songs[pk] for pk in times if pk in songs]
    for song in found:
        song.times = times[song.pk]  # type: ignore[attr-defined]
    return found
