"""Judgements of songs' moods, the consensus derived from them, and what follows from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Avg, FloatField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from catalog.models import Annotation, Mood, Song
from catalog.services.history import history_write
from catalog.services.revision import revision_next

#: Whose judgement outranks whose; within a source the latest counts.
RANK = {Annotation.Source.GENERATOR: 0, Annotation.Source.CURATOR: 1}
#: Songs handled at a time, so that statements keep within SQLite's limit of parameters.
BATCH = 500

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
    for song_ids in batches(ids_of(songs)):
        annotations_write(song_ids=song_ids, judged=judged, by=by, source=source)
        followed = consensus_apply(song_ids=song_ids, revision=revision)
        history_write(song_ids=followed, by=by, reason=f"moods, {source}")
        changed += len(followed)
    return changed


def ids_of(songs: Songs) -> list[UUID]:
    """Keys of songs given as a query or as objects."""
    if isinstance(songs, QuerySet):
        return list(songs.order_by().values_list("pk", flat=True).distinct())
    return [song.pk for song in songs]


def batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    """The keys, `BATCH` at a time."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def annotations_write(
    *, song_ids: Collection[UUID], judged: dict[int, bool], by: User | None, source: str
) -> None:
    """A row for each song and mood judged (mood key -> present), in the caller's transaction."""
    Annotation.objects.bulk_create(
        [
            Annotation(song_id=song_id, mood_id=mood_id, source=source, author=by, present=present)
            for song_id in song_ids
            for mood_id, present in judged.items()
        ],
        batch_size=BATCH,
    )


def consensus_apply(*, song_ids: Collection[UUID], revision: int) -> list[UUID]:
    """Derive the songs' moods from their annotations; returns those whose moods changed.

    A curator outranks the generator, and within a source the latest row counts. Songs that
    changed get their point anew and the revision. The caller owns the transaction, at most
    `BATCH` songs at a time.
    """
    through = Song.moods.through
    standing: dict[tuple[UUID, int], tuple[int, bool]] = {}
    for song_id, mood_id, source, present in (
        Annotation.objects.filter(song_id__in=song_ids)
        .order_by("pk")
        .values_list("song_id", "mood_id", "source", "present")
    ):
        rank = RANK[Annotation.Source(source)]
        if rank >= standing.get((song_id, mood_id), (-1, False))[0]:
            standing[song_id, mood_id] = (rank, present)
    wanted = {key for key, (_, present) in standing.items() if present}
    held = {
        (link.song_id, link.mood_id): link.pk
        for link in through.objects.filter(song_id__in=song_ids)
    }
    through.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
    through.objects.bulk_create(
        [
            through(song_id=song_id, mood_id=mood_id)
            for song_id, mood_id in sorted(wanted - held.keys())
        ],
        batch_size=BATCH,
    )
    changed = list({song_id for song_id, _ in wanted ^ held.keys()})
    points_derive(songs=Song.objects.filter(pk__in=changed), revision=revision)
    return changed


def points_derive(*, songs: QuerySet[Song], revision: int) -> None:
    """Set each song's point to the mean of its moods' points and stamp it with the revision.

    A song without moods rests at 0, 0; readers know it as unlabelled by its lack of moods.
    """

    links: Any = Song.moods.through.objects

    def mean(axis: str) -> models.Func:
        points = (
            links.filter(song_id=OuterRef("pk"))
            .order_by()
            .values("song_id")
            .annotate(mean=Avg(f"mood__{axis}"))
            .values("mean")
        )
        return Coalesce(Subquery(points), Value(0.0), output_field=FloatField())

    songs.order_by().update(valence=mean("valence"), arousal=mean("arousal"), revision=revision)
