"""Lists, and the events people leave on songs, by subject."""

from recommendations.models.after import JournalWishes, MoodAfter
from recommendations.models.edits import TasteEdit
from recommendations.models.events import Nudge, Play, Rating, Verdict
from recommendations.models.learning import Lease, ModelVersion, Taste
from recommendations.models.listener import Favourite, ListWishes, PrivateStretch
from recommendations.models.lists import ListItem, SongList
from recommendations.models.playlists import Playlist, PlaylistItem
from recommendations.models.policy import WISH_MOST, Goal, Policy, wishes_validate
from recommendations.models.situation import Activity, DayPart

__all__ = [
    "WISH_MOST",
    "Activity",
    "DayPart",
    "Favourite",
    "Goal",
    "JournalWishes",
    "Lease",
    "ListItem",
    "ListWishes",
    "ModelVersion",
    "MoodAfter",
    "Nudge",
    "Play",
    "Playlist",
    "PlaylistItem",
    "Policy",
    "PrivateStretch",
    "Rating",
    "SongList",
    "Taste",
    "TasteEdit",
    "Verdict",
    "wishes_validate",
]
