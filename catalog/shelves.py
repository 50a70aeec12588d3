"""Artists, albums and tracks in the order that pages and API show them."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from accounts.models import User
from catalog.models import Album, Artist, ArtistWord, HiddenArtist, Song
from catalog.selectors import albums_browsable, artists_browsable, songs_browsable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Names that begin with none of the letters: digits, other scripts.
OTHER = "other"


def artists_listed(*, user: User, letter: str = "", with_hidden: bool = False) -> QuerySet[Artist]:
    """Artists by name, those under a letter (a-z or `OTHER`; "": all of them)."""
    artists = artists_browsable(user=user)
    if not with_hidden:
        artists = artists.exclude(pk__in=_hidden(user))
    if letter:
        first = ArtistWord.objects.filter(place=0)
        latin = Q(word__gte="a", word__lt="{")
        chosen = first.exclude(latin) if letter == OTHER else first.filter(word__startswith=letter)
        artists = artists.filter(pk__in=chosen.values("artist"))
    return artists.order_by("name")


def albums_listed(*, user: User, with_hidden: bool = False) -> QuerySet[Album]:
    """Albums by title, without those of artists that the listener hid."""
    albums = albums_browsable(user=user)
    if not with_hidden:
        albums = albums.exclude(artist__in=_hidden(user))
    return albums.order_by("title", "pk")


def albums_of(*, user: User, artist: Artist) -> QuerySet[Album]:
    """The artist's albums, latest first."""
    albums = albums_browsable(user=user).filter(artist=artist)
    return albums.order_by(F("year").desc(nulls_last=True), "title", "pk")


def tracks_of(*, user: User, album: Album) -> QuerySet[Song]:
    """The album's songs in their order; those without a number last."""
    songs = songs_browsable(user=user).filter(album=album)
    ordered = songs.order_by(F("track_number").asc(nulls_last=True), "title", "pk")
    return ordered.prefetch_related("moods").defer("features")


def _hidden(user: User) -> QuerySet[HiddenArtist, int]:
    return HiddenArtist.objects.filter(user=user).values_list("artist", flat=True)
