"""One of each kind of object, for tests that walk over all endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.models import Album
from emotions.models import Capture, LiveSession, Reading
from recommendations.models import (
    ListItem,
    Nudge,
    Play,
    Playlist,
    PlaylistItem,
    PrivateStretch,
    Rating,
    SongList,
    TasteEdit,
    Verdict,
)
from tests.catalog.factories import SongFactory
from tests.emotions.factories import ReadingFactory

#: A cover that no album has.
NO_COVER = f"{'0' * 64}.jpg"
#: Parameters that name nothing of the owner's.
SHARED = ("song_id", "artist_id", "album_id", "name")


@dataclass(frozen=True)
class Things:
    """One of each kind of object, all the owner's but the song, which is everybody's."""

    song: Any
    reading: Reading
    capture: Capture
    song_list: SongList
    play: Play
    verdict: Verdict
    live: LiveSession
    playlist: Playlist
    edit: TasteEdit
    nudge: Nudge

    def ids(self) -> dict[str, Any]:
        """Parameter of an address -> the id that goes there."""
        return {
            "song_id": self.song.pk,
            "artist_id": self.song.artist_id,
            "album_id": self.song.album_id,
            "reading_id": self.reading.pk,
            "capture_id": self.capture.pk,
            "list_id": self.song_list.pk,
            "play_id": self.play.pk,
            "verdict_id": self.verdict.pk,
            "live_id": self.live.pk,
            "playlist_id": self.playlist.pk,
            "edit_id": self.edit.pk,
            "nudge_id": self.nudge.pk,
            "name": NO_COVER,
        }

    def private_ids(self) -> set[str]:
        return {str(value) for name, value in self.ids().items() if name not in SHARED}


def things_of(owner: User) -> Things:
    """Make them."""
    song = SongFactory(moods=["happy"])
    song.album = Album.objects.create(title=f"Album of {song.title}", artist=song.artist)
    song.save()
    SongFactory(moods=["happy"])  # so that lists are not empty: of the first comes a verdict
    reading = ReadingFactory(user=owner)
    capture = Capture.objects.create(user=owner, state=Capture.State.READ, frame_count=1)
    Reading.objects.filter(pk=reading.pk).update(capture=capture)
    song_list = SongList.objects.create(
        user=owner,
        reading=reading,
        emotion="happy",
        goal="match",
        valence=0.5,
        arousal=0.5,
        collaborative_weight=0,
    )
    parts = {"mood": 1.0, "collaborative": 0.0, "taste": 0.0, "fresh": 0.0}
    ListItem.objects.create(
        song_list=song_list, position=1, song=song, score=1.0, parts=parts, reason="It fits."
    )
    PrivateStretch.objects.create(user=owner, until=timezone.now() - timedelta(days=1))
    Rating.objects.create(user=owner, song=song, emotion="happy", stars=4, song_list=song_list)
    playlist = Playlist.objects.create(user=owner, name="Mine")
    PlaylistItem.objects.create(playlist=playlist, song=song, position=0)
    return Things(
        song=song,
        reading=reading,
        capture=capture,
        song_list=song_list,
        play=Play.objects.create(user=owner, song=song, song_list=song_list),
        verdict=Verdict.objects.create(user=owner, song=song, kind=Verdict.Kind.NOT_NOW),
        live=LiveSession.objects.create(user=owner),
        playlist=playlist,
        edit=TasteEdit.objects.create(user=owner, kind=TasteEdit.Kind.RESET, whole=True),
        nudge=Nudge.objects.create(user=owner, song=song, kind=Nudge.Kind.MORE, emotion="sad"),
    )
