"""What deleted songs leave outside the database: copies of files, what was made of them to play
them, albums' covers.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from catalog.library.formats import browsers_play
from catalog.models import AudioFile, Song
from catalog.services.albums import album_clear
from catalog.services.copies import copy_drop
from catalog.services.transcoding import transcoded_drop


def file_left(sender: type[AudioFile], instance: AudioFile, **kwargs: Any) -> None:
    """A file's row was deleted: once that is committed, its copy goes too, and its sound as MP3."""
    if instance.copied:
        transaction.on_commit(partial(copy_drop, path=instance.path), robust=True)
    if not browsers_play(instance.content_type):
        transaction.on_commit(partial(transcoded_drop, digest=instance.digest), robust=True)


def song_left(sender: type[Song], instance: Song, **kwargs: Any) -> None:
    """A song was deleted: once that is committed, its album goes too where it was its last."""
    if instance.album_id is not None:
        transaction.on_commit(partial(album_clear, album_id=instance.album_id), robust=True)
