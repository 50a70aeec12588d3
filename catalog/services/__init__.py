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
from catalog.services.bulk import bulk_apply
from catalog.services.demo import demo_load
from catalog.services.edits import edit_undo
from catalog.services.labels import label_save
from catalog.services.listeners import artist_hide, artist_show
from catalog.services.moods import (
    mood_update,
    song_moods_add,
    song_moods_remove,
    song_moods_set,
    song_place,
)
from catalog.services.opinions import opinion_clear, opinion_set, opinions_forget
from catalog.services.priority import queue_weigh, reach_source
from catalog.services.songs import artist_update, song_hide, song_show, song_update

__all__ = [
    "analyses_request",
    "analyses_retry",
    "analyses_ring",
    "analyses_run",
    "analyses_sweep",
    "analyses_waiting",
    "artist_hide",
    "artist_show",
    "artist_update",
    "audio_prepare",
    "bulk_apply",
    "demo_load",
    "edit_undo",
    "label_save",
    "mood_update",
    "opinion_clear",
    "opinion_set",
    "opinions_forget",
    "queue_weigh",
    "reach_source",
    "song_hide",
    "song_moods_add",
    "song_moods_remove",
    "song_moods_set",
    "song_place",
    "song_show",
    "song_update",
]
