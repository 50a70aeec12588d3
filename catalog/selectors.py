"""What others may read of the catalogue."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from catalog.models import Album, Artist, HiddenArtist, ImportRun, Revision, Song


def songs_visible() -> QuerySet[Song]:
    """Songs that everybody may see and hear, with their artists."""
    return Song.objects.filter(hidden=False, owner=None).select_related("artist")


def songs_owned(*, user: int) -> QuerySet[Song]:
    """The songs of one listener alone, those aside that are hidden, with their artists."""
    return Song.objects.filter(hidden=False, owner=user).select_related("artist")


def songs_listed(*, user: User) -> QuerySet[Song]:
    """Songs that a list of this listener may hold: everybody's and the listener's own."""
    return _shown_to(user).select_related("artist")


def songs_audible(*, user: User | AnonymousUser) -> QuerySet[Song]:
    """Songs that this user may hear: everybody's, the user's own, and for curators hidden ones.

    Nobody hears another's own songs, curators included.
    """
    songs = Song.objects.select_related("artist")
    if user.has_perm("catalog.change_song"):
        return songs.filter(_heard_by(user))
    return songs.filter(_heard_by(user), hidden=False)


def cover_seen(*, user: User | AnonymousUser, name: str) -> bool:
    """Whether the user may see a cover: one of an album of which they may hear a song."""
    return songs_audible(user=user).filter(album__cover=name).exists()


def imports_seen() -> QuerySet[ImportRun]:
    """Imports that curators see: those of everybody's songs, not of somebody's own."""
    return ImportRun.objects.filter(Q(options__owner=None) | Q(options__owner__isnull=True))


def songs_browsable(*, user: User) -> QuerySet[Song]:
    """Songs that a listener may look at: everybody's and the listener's own, with their artists and
    albums.
    """
    return _shown_to(user).select_related("artist", "album").order_by("title", "pk")


def artists_browsable(*, user: User) -> QuerySet[Artist]:
    """Artists of songs that the listener may look at; each says whether this listener hid it
    (`put_away`). An artist of others' own songs alone is not there.
    """
    songs = _shown_to(user).filter(artist=OuterRef("pk"))
    hidden = HiddenArtist.objects.filter(user=user, artist=OuterRef("pk"))
    return Artist.objects.filter(Exists(songs)).annotate(put_away=Exists(hidden))


def artists_reachable(*, user: User) -> QuerySet[Artist]:
    """Those, and artists that the listener hid before their last song went away."""
    hidden = HiddenArtist.objects.filter(user=user).values("artist")
    there = artists_browsable(user=user).values("pk")
    return Artist.objects.filter(Q(pk__in=hidden) | Q(pk__in=there))


def albums_browsable(*, user: User) -> QuerySet[Album]:
    """Albums with songs that the listener may look at, with their artists."""
    songs = _shown_to(user).filter(album=OuterRef("pk"))
    return Album.objects.filter(Exists(songs)).select_related("artist")


def artists_hidden(*, user: User | int) -> QuerySet[HiddenArtist]:
    """The artists a listener has hidden, latest first."""
    hidden = HiddenArtist.objects.filter(user=user).select_related("artist")
    return hidden.order_by("-created_at", "-pk")


def _shown_to(user: User) -> QuerySet[Song]:
    return Song.objects.filter(_heard_by(user), hidden=False).order_by()


def _heard_by(user: User | AnonymousUser) -> Q:
    """Everybody's songs and the user's own."""
    return Q(owner=None) | Q(owner=user.pk)


def revision_now() -> int:
    """The catalogue's revision; read it before the songs, never after."""
    return Revision.objects.values_list("number", flat=True).order_by("pk").first() or 0


def songs_changed_since(revision: int) -> QuerySet[Song]:
    """Songs stamped after `revision`, hidden ones too, so that caches can drop those."""
    return Song.objects.filter(revision__gt=revision).select_related("artist")
