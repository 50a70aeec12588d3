"""Lists, ratings, plays and verdicts over the API, by subject."""

from recommendations.api.feedback import SongRating, SongVerdicts, VerdictDetail
from recommendations.api.listening import PlayDetail, Plays, PrivateListening
from recommendations.api.lists import ListDetail, Lists, ListThrottle, ListWishesView

__all__ = [
    "ListDetail",
    "ListThrottle",
    "ListWishesView",
    "Lists",
    "PlayDetail",
    "Plays",
    "PrivateListening",
    "SongRating",
    "SongVerdicts",
    "VerdictDetail",
]
