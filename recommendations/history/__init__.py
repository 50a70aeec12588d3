"""A listener's events, read once and seen as confidences and as likings."""

from recommendations.history.nudges import OVER, nudges_in_force
from recommendations.history.reading import histories, history_of, month_of
from recommendations.history.said import (
    BROWSING_S,
    FINISHED,
    JUST_HEARD,
    NOT_NOW,
    History,
    Said,
    Turned,
)

__all__ = [
    "BROWSING_S",
    "FINISHED",
    "JUST_HEARD",
    "NOT_NOW",
    "OVER",
    "History",
    "Said",
    "Turned",
    "histories",
    "history_of",
    "month_of",
    "nudges_in_force",
]
