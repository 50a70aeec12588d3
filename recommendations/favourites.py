"""Favourites that listeners name: which they are, what there is to choose, and their songs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q, QuerySet, Value

from accounts.models import User
from catalog.models import Artist, HiddenArtist
from catalog.selectors import songs_visible
from recommendations.models import Favourite
from recommendations.snapshot import Snapshot, genre_code

#: Favourites that a listener may name; more would be a taste, which ratings tell better.
MOST_FAVOURITES = 3
#: Artists and genres that are offered at once.
OFFERED = 12
#: Characters of a search, and words of it that are looked for.
LONGEST_SEARCH, MOST_WORDS = 100, 8


@dataclass(frozen=True, slots=True)
class Choices:
    """Names to choose from, those with most songs first."""

    artists: list[str]
    genres: list[str]


def favourites_of(user: User) -> QuerySet[Favourite]:
    """The listener's favourites in the order they were named, with their artists."""
    return Favourite.objects.filter(user=user).select_related("artist")


def favourite_choices(*, search: str = "") -> Choices:
    """Artists and genres with visible songs, all words of the search in their names."""
    in_artist, in_genre = Q(songs__hidden=False, songs__owner=None), Q()
    # PostgreSQL has no text with NUL in it.
    for word in search.replace("\0", " ")[:LONGEST_SEARCH].split()[:MOST_WORDS]:
        in_artist &= Q(name__icontains=word)
        in_genre &= Q(genre__icontains=word)
    artists = Artist.objects.filter(in_artist).annotate(number=Count("songs"))
    genres = songs_visible().exclude(genre="").filter(in_genre).values("genre")
    counted = genres.annotate(number=Count("pk")).order_by("-number", "genre")
    return Choices(
        list(artists.order_by("-number", "name").values_list("name", flat=True)[:OFFERED]),
        list(counted.values_list("genre", flat=True)[:OFFERED]),
    )


def favourites_and_hidden(
    *, user: User, songs: Snapshot
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """For each favourite with songs in the catalogue their places, (k,); and (n,) booleans: the
    songs of artists that the listener hid. One query.
    """
    no = Value(0), Value("")  # of a hidden artist there is no favourite's row
    named = Favourite.objects.filter(user=user).order_by().values_list("pk", "genre", "artist")
    hidden = HiddenArtist.objects.filter(user=user).order_by().values_list(*no, "artist")
    # In the order in which they were named.
    rows = sorted(named.union(hidden, all=True), key=lambda row: row[0])
    found = (
        np.flatnonzero(songs.genres == genre_code(genre) if genre else songs.artists == artist)
        for pk, genre, artist in rows
        if pk
    )
    away = np.isin(songs.artists, [artist for pk, _genre, artist in rows if not pk])
    return tuple(places for places in found if len(places)), away
