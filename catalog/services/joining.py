"""Two songs that turn out to be one recording."""

from __future__ import annotations

from django.db import transaction

from catalog.models import AudioFile, Song
from catalog.services.files import song_files_follow
from catalog.services.library_plan import ORIGIN
from catalog.services.revision import revision_next
from catalog.services.songs import song_hide


@transaction.atomic
def file_join(*, file: AudioFile, song: Song) -> bool:
    """Make a file a further one of `song`, because it has the same sound.

    This is what follows from fingerprints, which are measured some time after the import: whoever
    finds two files alike joins the later one to the earlier one's song. A song that was made of
    this file alone is hidden then, not deleted: somebody may have rated it.

    Returns
    -------
    False, and nothing is changed, for songs of different owners and for a file that is there
    already.
    """
    revision_next()
    file = AudioFile.objects.select_related("song").get(pk=file.pk)
    before = file.song
    if before.pk == song.pk or before.owner_id != song.owner_id:
        return False
    AudioFile.objects.filter(pk=file.pk).update(song=song)
    song_files_follow(song_ids=[before.pk, song.pk])
    if before.origin == ORIGIN and not before.files.exists():
        song_hide(songs=[before], by=None)
    return True
