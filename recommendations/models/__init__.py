"""Lists, and the events people leave on songs, by subject."""

from recommendations.models.events import Play, Rating, Verdict
from recommendations.models.learning import Lease, ModelVersion, Taste
from recommendations.models.listener import Favourite, ListWishes, PrivateStretch
from recommendations.models.lists import ListItem, SongList
from recommendations.models.policy import WISH_MOST, Goal, Policy, wishes_validate
from recommendations.models.situation import Activity, DayPart

__all__ = [
    "WISH_MOST",
    "Activity",
    "DayPart",
    "Favourite",
    "Goal",
    "Lease",
    "ListItem",
    "ListWishes",
    "ModelVersion",
    "Play",
    "Policy",
    "PrivateStretch",
    "Rating",
    "SongList",
    "Taste",
    "Verdict",
    "wishes_validate",
]
