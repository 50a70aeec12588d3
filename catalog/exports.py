"""Songs as records that files are written of, see `catalog.tables.writing`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from catalog.models import Annotation, Mood, Placement, Song
from catalog.models.judgements import Source
from catalog.services.consensus import (
    RANK,
    Standing,
    ids_in_batches,
    placements_of,
    standing_of,
)

#: Said of a mood that stands because listeners agreed on it.
LISTENERS = "listeners agreed"


def song_records(*, moods: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Whole records of everybody's songs, hidden ones too, by title; of those with any of `moods`
    where some are named.

    Listeners' own songs and judgements are theirs and not in it. A mood that stands because
    listeners agreed on it is one judgement, of a table, in place of theirs and of those they
    outrank; of points only the one that stands is in it.
    """
    songs = Song.objects.filter(owner=None)
    if moods:
        songs = songs.filter(moods__slug__in=moods)
    ids = list(songs.order_by("title", "pk").values_list("pk", flat=True).distinct())
    for batch in ids_in_batches(ids):
        yield from _records(batch)


def told_record(song: Song) -> dict[str, Any]:
    """What was told of a song, its moods by their slugs; those should be prefetched."""
    return {
        "title": song.title,
        "artist": song.artist.name,
        "album": song.album.title if song.album else "",
        "track_number": song.track_number,
        "year": song.year,
        "genre": song.genre,
        "language": song.language,
        "explicit": song.explicit,
        "isrc": song.isrc,
        "duration_s": song.duration_s,
        "licence": song.licence,
        "credit": song.credit,
        "moods": sorted(mood.slug for mood in song.moods.all()),
    }


def shown_record(song: Song) -> dict[str, Any]:
    """What listeners see of a song, for a file of their own; moods should be prefetched."""
    return {
        **told_record(song),
        "location": settings.URL + reverse("song_audio", args=[song.pk]),
    }


def _records(song_ids: list[UUID]) -> Iterator[dict[str, Any]]:
    songs = Song.objects.select_related("artist", "album__artist").prefetch_related("moods")
    found = songs.in_bulk(song_ids)
    judgements = _judgements(song_ids)
    placed, _ = placements_of(song_ids)
    for pk in song_ids:
        song = found.get(pk)
        if song is None:  # deleted since
            continue
        point = placed.get(pk)
        yield {
            "id": str(pk),
            **shown_record(song),
            "album_artist": song.album.artist.name if song.album else "",
            "album_year": song.album.year if song.album else None,
            "piece": song.piece,
            "origin": song.origin,
            "origin_id": song.origin_id,
            "hidden": song.hidden,
            "features": song.features,
            "annotations": judgements[pk],
            "placements": [_point(point)] if point is not None else [],
        }


def _judgements(song_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    standing = standing_of(song_ids)
    by_listeners = {key for key, held in standing.items() if held.rank == RANK[Source.LISTENER]}
    # What was taken back is no judgement any more, nor is the taking back.
    standing_rows = Annotation.objects.filter(song_id__in=song_ids, answers=None, answered=None)
    rows = standing_rows.exclude(source=Source.LISTENER)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in rows.select_related("mood").order_by("pk"):
        if (one.song_id, one.mood_id) in by_listeners:
            continue
        found[one.song_id].append(
            {
                "mood": one.mood.slug,
                "source": one.source,
                "present": one.present,
                "confidence": one.confidence,
                "detail": one.detail,
            }
        )
    for song_id, slug, held in _agreed(by_listeners, standing):
        found[song_id].append(
            {
                "mood": slug,
                "source": Source.TABLE.value,
                "present": held.present,
                "confidence": None,
                "detail": LISTENERS,
            }
        )
    return found


def _agreed(
    keys: set[tuple[UUID, int]], standing: dict[tuple[UUID, int], Standing]
) -> Iterator[tuple[UUID, str, Standing]]:
    slugs = dict(Mood.objects.values_list("pk", "slug")) if keys else {}
    for song_id, mood_id in sorted(keys):
        yield song_id, slugs[mood_id], standing[song_id, mood_id]


def _point(one: Placement) -> dict[str, Any]:
    names = ("source", "valence", "arousal", "ambiguous", "detail")
    return {name: getattr(one, name) for name in names}
