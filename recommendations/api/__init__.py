"""Lists, ratings, plays and verdicts over the API, by subject."""

from recommendations.api.feedback import SongRating, SongVerdicts, VerdictDetail
from recommendations.api.listening import PlayDetail, Plays, PrivateListening
from recommendations.api.lists import ListDetail, Lists, ListThrottle, ListWishesView
from recommendations.api.nudges import ListTail, NudgeDetail, SongNudges

__all__ = [
    "ListDetail",
    "ListTail",
    "ListThrottle",
    "ListWishesView",
    "Lists",
    "NudgeDetail",
    "PlayDetail",
    "Plays",
    "PrivateListening",
    "SongNudges",
    "SongRating",
    "SongVerdicts",
    "VerdictDetail",
]
