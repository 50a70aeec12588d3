"""Lists and feedback over the API, by subject."""

from recommendations.serializers.feedback import (
    PlaySerializer,
    PlayStartSerializer,
    PlayUpdateSerializer,
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
)

__all__ = [
    "FavouritesSerializer",
    "ListItemSerializer",
    "ListMakeSerializer",
    "ListSerializer",
    "ListSummarySerializer",
    "ListWishesSerializer",
    "PartsSerializer",
    "PlaySerializer",
    "PlayStartSerializer",
    "PlayUpdateSerializer",
    "PrivateSerializer",
    "PrivateStartSerializer",
    "RatingSerializer",
    "RatingSetSerializer",
    "VerdictSerializer",
    "VerdictSetSerializer",
]
