"""Audio files of songs: whether they are there, and which one is played."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import AudioFile, Song
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)

#: Keys in one statement; SQLite takes at most 32,766.
BATCH = 500


def song_files_follow(*, song_ids: Collection[UUID]) -> None:
    """Derive whether the songs have files that are there, after their files changed."""
    there = AudioFile.objects.filter(song_id=OuterRef("pk"), missing_since=None)
    ids = list(song_ids)
    for start in range(0, len(ids), BATCH):
        songs = Song.objects.filter(pk__in=ids[start : start + BATCH])
        songs.update(has_files=Exists(there))


@transaction.atomic
def files_missing_mark(*, files: Collection[AudioFile]) -> int:
    """Mark files that are not where they should be; returns how many were thought to be there."""
    now, marked = timezone.now(), 0
    keys = [one.pk for one in files]
    for start in range(0, len(keys), BATCH):
        fresh = AudioFile.objects.filter(pk__in=keys[start : start + BATCH], missing_since=None)
        marked += fresh.update(missing_since=now)
    song_files_follow(song_ids={one.song_id for one in files})
    return marked


@transaction.atomic
def file_found(*, file: AudioFile) -> None:
    """Take back that a file is missing."""
    if AudioFile.objects.filter(pk=file.pk).exclude(missing_since=None).update(missing_since=None):
        song_files_follow(song_ids=[file.song_id])


def file_to_play(*, song: Song) -> tuple[AudioFile, Path]:
    """A file of the song that is there now, and its path, safe to open.

    Files that are gone are marked, and the next is tried; one that has come back is unmarked.

    Raises
    ------
    DomainError
        `no_audio` (404) for a song without files, `audio_missing` (404) when none is there.
    """
    files = list(song.files.order_by(F("missing_since").asc(nulls_first=True), "pk"))
    gone = []
    try:
        for file in files:
            path = path_of(file)
            if path is not None:
                if file.missing_since is not None:
                    file_found(file=file)
                return file, path
            gone.append(file)
    finally:
        if any(one.missing_since is None for one in gone):
            logger.warning("song %s: %d of its files are missing", song.pk, len(gone))
            files_missing_mark(files=gone)
    if not files:
        raise DomainError("no_audio", _("This song has no audio."), status=404)
    raise audio_missing()


def audio_missing() -> DomainError:
    """The refusal of a song whose files are all gone."""
    return DomainError("audio_missing", _("The file of this song is not in its place."), status=404)


def path_of(file: AudioFile) -> Path | None:
    """Where the file is, if it is an ordinary file in the very place that was imported.

    Whoever may write in a folder of music could put a link there since; what is behind links is
    never opened.
    """
    if file.copied:
        folder = os.path.realpath(settings.MUSIC_DIR)
        wanted = os.path.normpath(os.path.join(folder, file.path))  # noqa: PTH118 - ".." goes
        if not wanted.startswith(f"{folder}/"):
            return None
    else:
        wanted = file.path
    try:
        if os.path.realpath(wanted, strict=True) != wanted:
            return None
        status = os.lstat(wanted)
    except (OSError, ValueError):
        return None
    there = stat.S_ISREG(status.st_mode) and os.access(wanted, os.R_OK)
    return Path(wanted) if there else None
