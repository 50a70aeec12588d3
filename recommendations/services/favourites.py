"""Naming favourites."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Artist
from catalog.selectors import songs_visible
from moodmusic.problems import DomainError
from recommendations.favourites import MOST_FAVOURITES
from recommendations.models import Favourite


@transaction.atomic
def favourites_set(*, user: User, artists: Sequence[str], genres: Sequence[str]) -> None:
    """Let these artists and genres, at most three together, be the listener's favourites.

    Names may differ in case from the catalogue's. Favourites that are named again keep their rows;
    the rows of all others go, and with them all they did, because lists read nothing else of them.

    Raises
    ------
    DomainError
        `invalid` (400) for more than three, or for a name without songs in the catalogue that is no
        favourite yet.
    """
    # Two requests at once: the second waits here, and its favourites are what remains.
    User.objects.select_for_update().get(pk=user.pk)
    kept = list(Favourite.objects.filter(user=user).select_related("artist"))
    # PostgreSQL has no text with NUL in it.
    found = {one.pk: one for one in (_artist(name.replace("\0", ""), kept) for name in artists)}
    kinds = dict.fromkeys(_genre(name.replace("\0", ""), kept) for name in genres)
    if len(found) + len(kinds) > MOST_FAVOURITES:
        words = _("Name at most %(most)d favourites.") % {"most": MOST_FAVOURITES}
        raise DomainError("invalid", words, errors={"non_field_errors": [words]})
    gone = [one.pk for one in kept if one.artist_id not in found and one.genre not in kinds]
    Favourite.objects.filter(pk__in=gone).delete()
    known = {one.artist_id for one in kept} | {one.genre for one in kept}
    Favourite.objects.bulk_create(
        [
            *(Favourite(user=user, artist=one) for pk, one in found.items() if pk not in known),
            *(Favourite(user=user, genre=genre) for genre in kinds if genre not in known),
        ]
    )


def _artist(name: str, kept: list[Favourite]) -> Artist:
    known = {one.artist.name.casefold(): one.artist for one in kept if one.artist}
    if same := known.get(name.strip().casefold()):
        return same
    named = Artist.objects.filter(name__iexact=name.strip(), songs__hidden=False, songs__owner=None)
    artist = named.order_by("pk").first()
    if artist is None:
        words = _("There is no artist called %(name)s here.") % {"name": name[:100]}
        raise _unknown("artists", words)
    return artist


def _genre(name: str, kept: list[Favourite]) -> str:
    known = {one.genre.casefold(): one.genre for one in kept if one.genre}
    if same := known.get(name.strip().casefold()):
        return same
    songs = songs_visible().filter(genre__iexact=name.strip()).exclude(genre="")
    genre = songs.order_by("genre").values_list("genre", flat=True).first()
    if genre is None:
        words = _("There is no genre called %(name)s here.") % {"name": name[:100]}
        raise _unknown("genres", words)
    return genre


def _unknown(field: str, words: str) -> DomainError:
    return DomainError("invalid", words, errors={field: [words]})
