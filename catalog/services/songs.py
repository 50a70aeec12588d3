"""What curators change about songs and artists besides moods alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.models import Annotation, Artist, Mood, Song
from catalog.services.consensus import consensus_apply, ids_in_batches
from catalog.services.history import history_write
from catalog.services.moods import Songs, annotations_write, ids_of
from catalog.services.revision import revision_next


def song_hide(*, songs: Songs, by: User | None) -> int:
    """Take songs out of every list to come; returns how many were visible before."""
    return _hidden_set(songs=songs, hidden=True, by=by)


def song_show(*, songs: Songs, by: User | None) -> int:
    """Let lists have the songs again; returns how many were hidden before."""
    return _hidden_set(songs=songs, hidden=False, by=by)


@transaction.atomic
def _hidden_set(*, songs: Songs, hidden: bool, by: User | None) -> int:
    revision = revision_next()
    changed = 0
    for song_ids in ids_in_batches(ids_of(songs)):
        other_way = Song.objects.filter(pk__in=song_ids, hidden=not hidden)
        followed = ids_of(other_way)
        Song.objects.filter(pk__in=followed).update(hidden=hidden, revision=revision)
        history_write(song_ids=followed, by=by, reason="hidden" if hidden else "shown")
        changed += len(followed)
    return changed


@transaction.atomic
def song_update(
    *, song: Song, by: User, moods: Iterable[Mood] | None = None, **changes: Any
) -> Song:
    """Change a song's fields and, where `moods` is given, judge its moods as a curator.

    One revision and one history row for all of it.
    """
    revision = revision_next()
    Song.objects.filter(pk=song.pk).update(**changes, revision=revision)
    if moods is not None:
        given = {mood.pk for mood in moods}
        annotations_write(
            song_ids=[song.pk],
            judged={pk: pk in given for pk in Mood.objects.values_list("pk", flat=True)},
            by=by,
            source=Annotation.Source.CURATOR,
        )
        consensus_apply(song_ids=[song.pk], revision=revision)
    history_write(song_ids=[song.pk], by=by, reason="")
    song.refresh_from_db()
    return song


@transaction.atomic
def artist_update(*, artist: Artist, name: str) -> Artist:
    """Rename an artist; the songs are stamped, because what is shown of them changes."""
    revision = revision_next()
    Artist.objects.filter(pk=artist.pk).update(name=name)
    Song.objects.filter(artist=artist).update(revision=revision)
    artist.refresh_from_db()
    return artist
