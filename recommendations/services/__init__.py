"""Everything that writes lists, feedback and models, by subject."""

from recommendations.services.learning import taste_refold
from recommendations.services.lists import list_make
from recommendations.services.plays import play_start, play_update
from recommendations.services.ratings import rating_clear, rating_set
from recommendations.services.retraining import model_retrain
from recommendations.services.verdicts import verdict_set, verdict_undo
from recommendations.services.wishes import wishes_set

__all__ = [
    "list_make",
    "model_retrain",
    "play_start",
    "play_update",
    "rating_clear",
    "rating_set",
    "taste_refold",
    "verdict_set",
    "verdict_undo",
    "wishes_set",
]
