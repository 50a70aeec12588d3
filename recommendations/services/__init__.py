"""Everything that writes lists, feedback and models, by subject."""

from recommendations.services.favourites import favourites_set
from recommendations.services.learning import taste_refold
from recommendations.services.lists import list_make
from recommendations.services.nudges import nudge_set, nudge_undo
from recommendations.services.plays import play_start, play_update
from recommendations.services.private import private_end, private_start
from recommendations.services.ratings import rating_clear, rating_set
from recommendations.services.retraining import model_retrain
from recommendations.services.rollback import model_rollback
from recommendations.services.tails import tail_make, tails_take_back
from recommendations.services.verdicts import verdict_set, verdict_undo
from recommendations.services.wishes import wishes_set

__all__ = [
    "favourites_set",
    "list_make",
    "model_retrain",
    "model_rollback",
    "nudge_set",
    "nudge_undo",
    "play_start",
    "play_update",
    "private_end",
    "private_start",
    "rating_clear",
    "rating_set",
    "tail_make",
    "tails_take_back",
    "taste_refold",
    "verdict_set",
    "verdict_undo",
    "wishes_set",
]
