"""Lists and feedback over the API, by subject."""

from recommendations.serializers.feedback import (
    NudgeSerializer,
    NudgeSetSerializer,
    PlaySerializer,
    PlayStartSerializer,
    PlayUpdateSerializer,
    RatingClearSerializer,
    RatingSerializer,
    RatingSetSerializer,
    VerdictSerializer,
    VerdictSetSerializer,
)
from recommendations.serializers.listener import (
    FavouritesSerializer,
    ListWishesSerializer,
    PrivateSerializer,
    PrivateStartSerializer,
)
from recommendations.serializers.lists import (
    ListItemSerializer,
    ListMakeSerializer,
    ListSerializer,
    ListSummarySerializer,
    PartsSerializer,
    TailMakeSerializer,
)

__all__ = [
    "FavouritesSerializer",
    "ListItemSerializer",
    "ListMakeSerializer",
    "ListSerializer",
    "ListSummarySerializer",
    "ListWishesSerializer",
    "NudgeSerializer",
    "NudgeSetSerializer",
    "PartsSerializer",
    "PlaySerializer",
    "PlayStartSerializer",
    "PlayUpdateSerializer",
    "PrivateSerializer",
    "PrivateStartSerializer",
    "RatingClearSerializer",
    "RatingSerializer",
    "RatingSetSerializer",
    "TailMakeSerializer",
    "VerdictSerializer",
    "VerdictSetSerializer",
]
