"""Two songs that turn out to be one recording."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from django.db import transaction

from catalog.library.names import mood_of_folder
from catalog.models import Annotation, AudioFile, Song
from catalog.services.consensus import consensus_apply
from catalog.services.files import song_files_follow
from catalog.services.history import history_write
from catalog.services.library_plan import ORIGIN
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from catalog.services.songs import song_hide


@transaction.atomic
def file_join(*, file: AudioFile, song: Song) -> bool:
    """Make a file a further one of `song`, because it has the same sound.

    This is what follows from fingerprints, which are measured some time after the import: whoever
    finds two files alike joins the later one to the earlier one's song. A song that was made of
    this file alone is hidden then, not deleted: somebody may have rated it. What the file's folder
    says of its mood is said of `song` from now on, as far as nobody whose word counts more says
    otherwise.

    Returns
    -------
    False, and nothing is changed, for songs of different owners and for a file that is there
    already.
    """
    revision = revision_next()
    file = AudioFile.objects.select_related("song").get(pk=file.pk)
    before = file.song
    if before.pk == song.pk or before.owner_id != song.owner_id:
        return False
    AudioFile.objects.filter(pk=file.pk).update(song=song)
    song_files_follow(song_ids=[before.pk, song.pk])
    _folder_follows(file, before, song, revision)
    if before.origin == ORIGIN and not before.files.exists():
        song_hide(songs=[before], by=None)
    return True


def _folder_follows(file: AudioFile, before: Song, song: Song, revision: int) -> None:
    """Say of `song` which mood the file's folder names, and no longer of `before` where no other
    file of it lies in a folder of that mood. The caller owns the transaction."""
    said = _said_by_folders(before)
    moods = {_plain(one.detail): one.mood_id for one in said.values() if one.present}
    found = _mood(file, moods)
    if found is None:
        return
    word = said[found]
    held = _said_by_folders(song).get(word.mood_id)
    judged = [] if held is not None and held.present else [(song, True)]
    if not any(_mood(other, moods) == found for other in before.files.all()):
        judged.append((before, False))
    for one, present in judged:
        annotations_write(
            song_ids=[one.pk],
            judged={word.mood_id: present},
            by=word.author,
            source=Annotation.Source.FOLDER,
            detail=word.detail,
        )
    changed = consensus_apply(song_ids=[one.pk for one, _ in judged], revision=revision)
    history_write(song_ids=changed, by=word.author, reason="moods, folder")


def _said_by_folders(song: Song) -> dict[int, Annotation]:
    """What folders said last of each mood, by its key."""
    rows = song.annotations.filter(source=Annotation.Source.FOLDER).select_related("author")
    return {one.mood_id: one for one in rows.order_by("pk")}


def _mood(file: AudioFile, moods: dict[str, int]) -> int | None:
    """Key of the mood that the nearest folder around a file names."""
    found = mood_of_folder(PurePath(file.source or file.path).parts[:-1], moods)
    return found and found[0]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
