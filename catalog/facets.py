"""What there is to choose among in the filters: genres, languages, licences, decades and moods.

Counted over everybody's songs alone, so that nobody's own songs show in them, and kept for
five minutes: they need a look at every song.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q

from catalog.models import Mood
from catalog.selectors import songs_visible

#: Seconds that what was counted is kept.
KEPT_S = 300
#: Choices of a filter, the most frequent ones.
MOST_CHOICES = 60
KEY = "catalog-facets"


@dataclass(frozen=True, slots=True)
class Facets:
    """Values that songs have, by how many have them; "" is left out.

    `moods` are (slug, name, songs).
    """

    genres: list[str]
    languages: list[str]
    licences: list[str]
    decades: list[int]
    moods: list[tuple[str, str, int]]


def facets() -> Facets:
    """As of at most `KEPT_S` ago."""
    found: Facets | None = cache.get_or_set(KEY, _counted, KEPT_S)
    return found or _counted()


def _counted() -> Facets:
    fields = ("genre", "language", "licence", "year")
    rows = songs_visible().order_by().values_list(*fields).annotate(number=Count("pk"))
    counts: list[Counter[Any]] = [Counter() for _ in fields]
    for *values, number in rows.iterator():
        for count, value in zip(counts, values, strict=True):
            count[value] += number
    genres, languages, licences, years = ([*map(_first, one.most_common())] for one in counts)
    songs = Count("songs", filter=Q(songs__hidden=False, songs__owner=None))
    moods = Mood.objects.annotate(number=songs).values_list("slug", "name", "number")
    return Facets(
        sorted(_named(genres), key=str.casefold),
        sorted(_named(languages)),
        sorted(_named(licences)),
        sorted({year // 10 * 10 for year in years if year}, reverse=True),
        list(moods),
    )


def _first(pair: tuple[Any, int]) -> Any:
    return pair[0]


def _named(values: list[Any]) -> list[Any]:
    return [value for value in values if value][:MOST_CHOICES]
