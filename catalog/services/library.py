"""Writing what was planned for a batch of files."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.models import User
from catalog.models import Analysis, Annotation, AudioFile, Song
from catalog.services.albums import albums_make
from catalog.services.consensus import consensus_apply
from catalog.services.copies import copy_drop
from catalog.services.files import song_files_follow
from catalog.services.history import history_write
from catalog.services.library_plan import ORIGIN, Plan, Wishes, as_read
from catalog.services.moods import annotations_write
from catalog.services.shelves import Artists, Found

#: Reason in the history of songs; what people wrote has others.
IMPORTED = "import, folder"
#: Beginnings of reasons that tell of moods and points, not of names.
JUDGED = ("moods", "point")
#: Of a file's row, as it was read.
FILE_FIELDS = [
    "path", "size", "modified_ns", "digest", "content_type", "duration_s", "sample_rate",
    "channels", "bitrate_kbps", "fingerprint", "missing_since",
]  # fmt: skip


def batch_write(*, plan: Plan, artists: Artists, wishes: Wishes, revision: int) -> None:
    """Write what was planned, in the caller's transaction."""
    for row in [*plan.seen, *plan.moved]:
        row.save(update_fields=FILE_FIELDS)
    everything = [one for _, one in [*plan.songs, *plan.changed]]
    artists.make({one.artist for one in everything} | {_album_artist(one) for one in everything})
    albums = albums_make(
        wanted=[
            (artists.key_of(_album_artist(one)) or 0, one.file.album, one.file.year, one.file.cover)
            for one in everything
            if one.file.album
        ]
    )

    def album_of(one: Found) -> int | None:
        return albums.get((artists.key_of(_album_artist(one)) or 0, one.file.album))

    for song, one in plan.songs:
        song.artist_id, song.album_id = artists.key_of(one.artist) or 0, album_of(one)
        song.revision = revision
    Song.objects.bulk_create([song for song, _ in plan.songs])
    AudioFile.objects.bulk_create(plan.files)
    for row, one in plan.changed:
        _change(row, one, artists.key_of(one.artist) or 0, album_of(one), wishes, revision)
    touched = {row.song_id for row in [*plan.files, *plan.seen, *plan.moved]}
    song_files_follow(song_ids=touched | {row.song_id for row, _ in plan.changed})
    created = {song.pk for song, _ in plan.songs}
    judged = _judge(plan, wishes.by, revision)
    history_write(song_ids=created, by=wishes.by, reason=IMPORTED, created=True)
    history_write(song_ids=judged - created, by=wishes.by, reason="moods, folder")


def _judge(plan: Plan, by: User | None, revision: int) -> set[UUID]:
    """Keep what folders say of songs, where they had not said it; songs whose moods changed."""
    song_ids = {song_id for song_id, _, _ in plan.moods}
    said = {
        (song_id, mood_id): present
        for song_id, mood_id, present in Annotation.objects.filter(
            song_id__in=song_ids, source=Annotation.Source.FOLDER
        )
        .order_by("pk")
        .values_list("song_id", "mood_id", "present")
    }
    fresh: dict[tuple[int, str, bool], list[UUID]] = defaultdict(list)
    for (song_id, mood_id, name), present in plan.moods.items():
        if said.get((song_id, mood_id), False) != present:
            fresh[mood_id, name, present].append(song_id)
    for (mood_id, name, present), ids in fresh.items():
        annotations_write(
            song_ids=ids,
            judged={mood_id: present},
            by=by,
            source=Annotation.Source.FOLDER,
            detail=name[:80],
        )
    changed = {song_id for ids in fresh.values() for song_id in ids}
    return set(consensus_apply(song_ids=changed, revision=revision)) if changed else set()


def _change(
    row: AudioFile,
    one: Found,
    artist_id: int,
    album_id: int | None,
    wishes: Wishes,
    revision: int,
) -> None:
    """Take in a file's new content: what was measured of the old is void, and a song made of this
    file alone gets the new tags, unless somebody has mended it since."""
    if row.copied and row.path != one.path:
        transaction.on_commit(partial(copy_drop, path=row.path))
    row.path, row.fingerprint = one.path, None
    as_read(row, one)
    row.save(update_fields=FILE_FIELDS)
    Analysis.objects.filter(file=row).delete()
    song = row.song
    if song.origin != ORIGIN or song.files.exclude(pk=row.pk).exists() or _mended(song):
        return
    Song.objects.filter(pk=song.pk).update(
        title=one.title,
        artist_id=artist_id,
        album_id=album_id,
        track_number=one.file.track_number,
        year=one.file.year,
        genre=one.file.genre,
        language=one.file.language,
        isrc=one.file.isrc,
        duration_s=one.file.duration_s,
        revision=revision,
    )
    history_write(song_ids=[song.pk], by=wishes.by, reason=IMPORTED)


def _mended(song: Song) -> bool:
    """Whether somebody has changed the song's names since it was imported."""
    rows = song.history.filter(history_type="~").exclude(history_change_reason=IMPORTED)
    reasons = rows.values_list("history_change_reason", flat=True)
    return any(not (reason or "").startswith(JUDGED) for reason in reasons)


def _album_artist(one: Found) -> str:
    return one.file.album_artist or one.artist
