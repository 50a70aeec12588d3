"""Everything that writes to the catalogue, by subject."""

from catalog.services.analysis import (
    analyses_request,
    analyses_retry,
    analyses_ring,
    analyses_run,
    analyses_sweep,
    analyses_waiting,
)
from catalog.services.audio import audio_prepare
from catalog.services.demo import demo_load
from catalog.services.moods import (
    mood_update,
    song_moods_add,
    song_moods_remove,
    song_moods_set,
    song_place,
)
from catalog.services.songs import artist_update, song_hide, song_show, song_update

__all__ = [
    "analyses_request",
    "analyses_retry",
    "analyses_ring",
    "analyses_run",
    "analyses_sweep",
    "analyses_waiting",
    "artist_update",
    "audio_prepare",
    "demo_load",
    "mood_update",
    "song_hide",
    "song_moods_add",
    "song_moods_remove",
    "song_moods_set",
    "song_place",
    "song_show",
    "song_update",
]
