"""Judgements of songs' moods, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import Annotation, Edit, Mood, Placement, Song
from catalog.services.consensus import BATCH, consensus_apply, ids_in_batches, points_derive
from catalog.services.history import history_write
from catalog.services.revision import revision_next

Songs = QuerySet[Song] | Iterable[Song]


def song_moods_set(*, songs: Songs, moods: Iterable[Mood], by: User | None, source: str) -> int:
    """Judge that the songs have exactly these moods.

    Says so of every mood there is, so that a judgement of lower rank cannot bring back a mood
    that was left out. Returns how many songs' moods changed.
    """
    given = {mood.pk for mood in moods}
    judged = {pk: pk in given for pk in Mood.objects.values_list("pk", flat=True)}
    return _judge(songs=songs, judged=judged, by=by, source=source)


def song_moods_add(*, songs: Songs, moods: Iterable[Mood], by: User | None, source: str) -> int:
    """Judge that the songs have these moods, and say nothing of others; returns songs changed."""
    return _judge(songs=songs, judged={mood.pk: True for mood in moods}, by=by, source=source)


def song_moods_remove(*, songs: Songs, moods: Iterable[Mood], by: User | None, source: str) -> int:
    """Judge that the songs lack these moods, and say nothing of others; returns songs changed."""
    return _judge(songs=songs, judged={mood.pk: False for mood in moods}, by=by, source=source)


@transaction.atomic
def mood_update(*, mood: Mood, **changes: Any) -> Mood:
    """Rename a mood or move its point; its songs' points follow."""
    revision = revision_next()
    Mood.objects.filter(pk=mood.pk).update(**changes)
    if {"valence", "arousal"} & changes.keys():
        of_mood = Song.moods.through.objects.filter(mood_id=mood.pk).values("song_id")
        points_derive(songs=Song.objects.filter(pk__in=of_mood), revision=revision)
    mood.refresh_from_db()
    return mood


@transaction.atomic
def _judge(*, songs: Songs, judged: dict[int, bool], by: User | None, source: str) -> int:
    revision = revision_next()
    changed = 0
    for song_ids in ids_in_batches(ids_of(songs)):
        annotations_write(song_ids=song_ids, judged=judged, by=by, source=source)
        followed = consensus_apply(song_ids=song_ids, revision=revision)
        history_write(song_ids=followed, by=by, reason=f"moods, {source}")
        changed += len(followed)
    return changed


@transaction.atomic
def song_place(
    *,
    song: Song,
    by: User | None,
    source: str,
    point: tuple[float, float] | None = None,
    ambiguous: bool = False,
) -> None:
    """Judge where a song lies (valence and arousal, each -1..1), or that this cannot be told."""
    revision = revision_next()
    valence, arousal = point or (None, None)
    Placement.objects.create(
        song=song, source=source, author=by, valence=valence, arousal=arousal, ambiguous=ambiguous
    )
    consensus_apply(song_ids=[song.pk], revision=revision)
    history_write(song_ids=[song.pk], by=by, reason=f"point, {source}")
    song.refresh_from_db()


def ids_of(songs: Songs) -> list[UUID]:
    """Keys of songs given as a query or as objects."""
    if isinstance(songs, QuerySet):
        return list(songs.order_by().values_list("pk", flat=True).distinct())
    return [song.pk for song in songs]


def annotations_write(
    *,
    song_ids: Collection[UUID],
    judged: dict[int, bool],
    by: User | None,
    source: str,
    detail: str = "",
    confidence: float | None = None,
    edit: Edit | None = None,
) -> None:
    """A row for each song and mood judged (mood key -> present), in the caller's transaction."""
    Annotation.objects.bulk_create(
        [
            Annotation(
                song_id=song_id,
                mood_id=mood_id,
                source=source,
                author=by,
                present=present,
                detail=detail,
                confidence=confidence,
                edit=edit,
            )
            for song_id in song_ids
            for mood_id, present in judged.items()
        ],
        batch_size=BATCH,
    )
