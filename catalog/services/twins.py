"""Files that sound alike: a copy found by its fingerprint joins the song that was there first."""

from __future__ import annotations

from django.db.models import Q

from catalog.models import AudioFile, Song
from catalog.services.joining import file_join
from ml.audio.fingerprint import FINGERPRINT_VERSION, LENGTH_S, LENGTH_SHARE, matches


def file_reunite(*, file: AudioFile) -> bool:
    """Join a file that was just measured to an earlier song of the same sound, if there is one.

    Only songs of the same owner are looked at, and of them those of about the same length. The
    caller owns the transaction. Returns whether the file is another song's now.
    """
    file = AudioFile.objects.select_related("song").get(pk=file.pk)
    kept = file.fingerprint
    if kept is None or file.duration_s is None:
        return False
    mine = bytes(kept)
    gap = max(LENGTH_S, LENGTH_SHARE * file.duration_s) + 1.0  # lengths are kept in tenths
    alike = Q(duration_s__range=(file.duration_s - gap, file.duration_s + gap))
    earlier = AudioFile.objects.filter(
        alike, pk__lt=file.pk, song__owner=file.song.owner_id
    ).exclude(fingerprint=None)
    others = [
        (song, bytes(fingerprint))
        for song, fingerprint in earlier.exclude(song=file.song_id)
        .order_by("pk")
        .values_list("song", "fingerprint")
        if fingerprint is not None
    ]
    others = [(song, mark) for song, mark in others if mark[0] == FINGERPRINT_VERSION]
    for place, _distance in matches(mine, [mark for _song, mark in others]):
        return file_join(file=file, song=Song.objects.get(pk=others[place][0]))
    return False
