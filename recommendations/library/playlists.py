"""Making and changing playlists, and the links to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalog.models import Song
from catalog.selectors import songs_browsable
from moodmusic.problems import DomainError
from recommendations.models import Playlist, PlaylistItem, SongList
from recommendations.models.playlists import LONGEST_DESCRIPTION, LONGEST_NAME

#: Playlists of a listener, and songs of a playlist.
MOST_PLAYLISTS, MOST_SONGS = 200, 1000
#: Random bytes of a link's token.
TOKEN_BYTES = 24


def playlist_make(
    *, user: User, name: str, description: str = "", songs: Iterable[UUID] = ()
) -> Playlist:
    """Make a playlist of these songs, in their order, each once; those the listener may not look
    at are left out.

    Raises
    ------
    DomainError
        `invalid` (400) for no name, or a name or description that is too long; `too_many` (409)
        for more playlists or songs than there may be.
    """
    name, description = _words(name, description)
    with transaction.atomic():
        # Two requests at once: the second waits here, and counts the first one's.
        User.objects.select_for_update().get(pk=user.pk)
        if Playlist.objects.filter(user=user).count() >= MOST_PLAYLISTS:
            raise DomainError(
                "too_many",
                _("There may be %(most)d playlists. Delete one first.") % {"most": MOST_PLAYLISTS},
                409,
            )
        playlist = Playlist.objects.create(user=user, name=name, description=description)
        wanted = list(dict.fromkeys(songs))
        there = _there(user, wanted)
        _append(playlist, [pk for pk in wanted if pk in there])
    return playlist


def playlist_of_list(*, user: User, song_list: SongList, name: str) -> Playlist:
    """Make a playlist of a whole list, in its order.

    Raises
    ------
    DomainError
        as `playlist_make`; `not_found` (404) for another listener's list.
    """
    if song_list.user_id != user.pk:
        raise DomainError("not_found", _("There is no such list."), 404)
    songs = song_list.items.order_by("position").values_list("song", flat=True)
    return playlist_make(user=user, name=name, songs=songs)


@transaction.atomic
def playlist_describe(*, playlist: Playlist, name: str, description: str) -> Playlist:
    """Give the playlist a name and a description.

    Raises
    ------
    DomainError
        `invalid` (400) for no name, or words that are too long; `not_found` (404) when the playlist
        is gone by now.
    """
    name, description = _words(name, description)
    _locked(playlist)
    playlist.name, playlist.description = name, description
    playlist.save(update_fields=["name", "description", "updated_at"])
    return playlist


def playlist_delete(*, playlist: Playlist) -> None:
    """Delete the playlist and its link. Its songs stay where they are. Idempotent."""
    Playlist.objects.filter(pk=playlist.pk).delete()


@transaction.atomic
def playlist_add(*, playlist: Playlist, song: Song) -> bool:
    """Put a song at the end; False, and nothing changes, where it is in the playlist already.

    Raises
    ------
    DomainError
        `too_many` (409) when the playlist is full.
    """
    _locked(playlist)
    if playlist.items.filter(song=song).exists():
        return False
    _append(playlist, [song.pk])
    _touch(playlist)
    return True


@transaction.atomic
def playlist_remove(*, playlist: Playlist, song_id: UUID) -> bool:
    """Take a song out; False where it was not in it."""
    _locked(playlist)
    removed, _each = playlist.items.filter(song=song_id).delete()
    if removed:
        _touch(playlist)
    return bool(removed)


@transaction.atomic
def playlist_order(*, playlist: Playlist, songs: Sequence[UUID], version: int) -> Playlist:
    """Put the songs in this order.

    Songs of the playlist that whoever gives the order was not shown, because they are hidden
    meanwhile, keep their order and go to the end.

    Parameters
    ----------
    songs : all songs that were shown, each once
    version : of the playlist when it was looked at

    Raises
    ------
    DomainError
        `playlist_changed` (409) when the songs were changed since, as in another window; `invalid`
        (400) for songs that are not in the playlist, or are named twice.
    """
    _locked(playlist)
    _same(playlist, version)
    items = {item.song_id: item for item in playlist.items.all()}
    if len(set(songs)) != len(songs) or not set(songs) <= set(items):
        words = _("Name each song of the playlist once.")
        raise DomainError("invalid", words, errors={"songs": [words]})
    named = set(songs)
    ordered = [items[pk] for pk in (*songs, *(pk for pk in items if pk not in named))]
    # Behind or before all places that are taken, so that no two items ever share one.
    taken = [item.position for item in items.values()]
    first = 0 if min(taken, default=0) >= len(ordered) else max(taken, default=-1) + 1
    for place, item in enumerate(ordered, start=first):
        item.position = place
    PlaylistItem.objects.bulk_update(ordered, ["position"], batch_size=200)
    _touch(playlist)
    return playlist


@transaction.atomic
def playlist_move(*, playlist: Playlist, song_id: UUID, step: int, version: int) -> Playlist:
    """Move a song so many places up (below 0) or down among those that are shown.

    Raises
    ------
    DomainError
        as `playlist_order`.
    """
    _locked(playlist)
    _same(playlist, version)
    shown = songs_browsable(user=playlist.user).order_by().values("pk")
    songs = list(playlist.items.filter(song__in=shown).values_list("song", flat=True))
    if song_id in songs:
        place = songs.index(song_id)
        songs.insert(max(0, place + step), songs.pop(place))
    return playlist_order(playlist=playlist, songs=songs, version=version)


@transaction.atomic
def playlist_share(*, playlist: Playlist) -> str:
    """The token of the link to the playlist, made now if there is none.

    Raises
    ------
    DomainError
        `not_found` (404) when the playlist is gone by now.
    """
    # Of two requests at once one token is kept, and both get that.
    _locked(playlist)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Playlist.objects.filter(pk=playlist.pk, share_token=None).update(share_token=token)
    playlist.refresh_from_db(fields=["share_token"])
    return playlist.share_token or ""


def playlist_unshare(*, playlist: Playlist) -> None:
    """Let the link lead nowhere, for good: the next one is another. Idempotent."""
    Playlist.objects.filter(pk=playlist.pk).update(share_token=None)
    playlist.share_token = None


def _words(name: str, description: str) -> tuple[str, str]:
    # PostgreSQL has no text with NUL in it.
    name = " ".join(name.replace("\0", "").split())
    description = description.replace("\0", "").strip()
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = [_("Give the playlist a name.")]
    elif len(name) > LONGEST_NAME:
        errors["name"] = [_("At most %(most)d characters.") % {"most": LONGEST_NAME}]
    if len(description) > LONGEST_DESCRIPTION:
        errors["description"] = [_("At most %(most)d characters.") % {"most": LONGEST_DESCRIPTION}]
    if errors:
        raise DomainError("invalid", next(iter(errors.values()))[0], errors=errors)
    return name, description


def name_short(name: str) -> str:
    """A name of our own making, as long as a playlist's may be."""
    return str(Truncator(name).chars(LONGEST_NAME))


def _there(user: User, songs: list[UUID]) -> set[UUID]:
    found = songs_browsable(user=user).filter(pk__in=songs).order_by()
    return set(found.values_list("pk", flat=True))


def _append(playlist: Playlist, songs: list[UUID]) -> None:
    last = playlist.items.aggregate(last=Max("position"))["last"]
    if playlist.items.count() + len(songs) > MOST_SONGS:
        words = ngettext(
            "A playlist may have %(most)d song.", "A playlist may have %(most)d songs.", MOST_SONGS
        )
        raise DomainError("too_many", words % {"most": MOST_SONGS}, 409)
    first = 0 if last is None else last + 1
    PlaylistItem.objects.bulk_create(
        PlaylistItem(playlist=playlist, song_id=pk, position=place)
        for place, pk in enumerate(songs, start=first)
    )


def _locked(playlist: Playlist) -> None:
    """Wait for whoever changes it now, and see what they left."""
    found = Playlist.objects.select_for_update().filter(pk=playlist.pk).first()
    if found is None:
        raise DomainError("not_found", _("There is no such playlist."), 404)
    playlist.version = found.version


def _same(playlist: Playlist, version: int) -> None:
    if playlist.version != version:
        raise DomainError(
            "playlist_changed",
            _("This playlist was changed elsewhere meanwhile. Look at it as it is now."),
            409,
        )


def _touch(playlist: Playlist) -> None:
    now = timezone.now()
    Playlist.objects.filter(pk=playlist.pk).update(version=F("version") + 1, updated_at=now)
    playlist.version += 1
    playlist.updated_at = now
