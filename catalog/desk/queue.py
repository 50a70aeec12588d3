"""The songs that wait for a curator, most gain first (see `catalog.services.priority`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from catalog.desk.access import songs_of_all
from catalog.models import Edit, Song
from catalog.services.priority import Doubt

#: Seconds for which a song shown to one curator is not given to another. A courtesy that may be
#: lost with the cache: what keeps their work apart is the check when a label is saved.
HELD_S = 120
#: Songs of a kind looked at for one that nobody holds.
LOOKED_AT = 30


def waiting_counts() -> dict[str, int]:
    """{kind: songs that wait}, for every kind."""
    found = dict(
        Song.objects.filter(doubt__in=Doubt.values, hidden=False, owner=None)
        .values_list("doubt")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {kind: found.get(kind, 0) for kind in Doubt.values}


def queue_next(*, user: User, kind: str = "", without: Collection[UUID] = ()) -> Song | None:
    """The song whose label would gain most and which nobody else has before them.

    Leaves out what this curator has labelled already, and the songs of `without`.
    """
    mine = Edit.objects.filter(by=user, song=OuterRef("pk"), undone_at=None)
    found: list[Song] = []
    for doubt in [kind] if kind else Doubt.values:
        # Kind by kind, so that each is read from the index in its order, and none is sorted.
        waiting = songs_of_all().filter(~Exists(mine), doubt=doubt, hidden=False)
        waiting = waiting.exclude(pk__in=without).order_by("-gain", "pk")
        found += waiting[:LOOKED_AT]
    found.sort(key=lambda song: (-song.gain, song.pk.int))
    return _hold(found, user)


def blind_next(*, user: User, without: Collection[UUID] = ()) -> Song | None:
    """A song that another curator labelled and nobody for the second time, or None.

    In the order of their keys, which are random: songs chosen by their doubt would make the
    agreement look worse than it is.
    """
    keys = _blind(user).exclude(song__in=without).order_by("song_id").values_list("song", flat=True)
    songs = songs_of_all().in_bulk(list(keys.distinct()[:LOOKED_AT]))
    return _hold([songs[key] for key in sorted(songs, key=lambda key: key.int)], user)


def blind_count(*, user: User) -> int:
    """Songs that wait for a second label by this curator."""
    return _blind(user).values("song").distinct().count()


def _blind(user: User) -> QuerySet[Edit]:
    other = Edit.objects.filter(song=OuterRef("song"), undone_at=None)
    return Edit.objects.filter(
        ~Q(by=user) | Q(by=None),
        ~Exists(other.filter(Q(by=user) | Q(kind=Edit.Kind.BLIND))),
        kind=Edit.Kind.LABEL,
        undone_at=None,
        song__hidden=False,
        song__owner=None,
    )


def _hold(songs: list[Song], user: User) -> Song | None:
    held = cache.get_many([_held(song.pk) for song in songs])
    for song in songs:
        if held.get(_held(song.pk), user.pk) == user.pk:
            cache.set(_held(song.pk), user.pk, HELD_S)
            return song
    # All are before somebody: twice labelled is better than idle, and nothing is lost by it.
    return songs[0] if songs else None


def _held(song_id: UUID) -> str:
    return f"desk:held:{song_id}"
