"""What others may read of the catalogue."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from catalog.models import ImportRun, Revision, Song


def songs_visible() -> QuerySet[Song]:
    """Songs that everybody may see and hear, with their artists."""
    return Song.objects.filter(hidden=False, owner=None).select_related("artist")


def songs_audible(*, user: User | AnonymousUser) -> QuerySet[Song]:
    """Songs that this user may hear: everybody's, the user's own, and for curators hidden ones.

    Nobody hears another's own songs, curators included.
    """
    songs = Song.objects.select_related("artist")
    if user.has_perm("catalog.change_song"):
        return songs.filter(Q(owner=None) | Q(owner=user.pk))
    return songs.filter(Q(hidden=False) & (Q(owner=None) | Q(owner=user.pk)))


def cover_seen(*, user: User | AnonymousUser, name: str) -> bool:
    """Whether the user may see a cover: one of an album of which they may hear a song."""
    return songs_audible(user=user).filter(album__cover=name).exists()


def imports_seen() -> QuerySet[ImportRun]:
    """Imports that curators see: those of everybody's songs, not of somebody's own."""
    return ImportRun.objects.filter(Q(options__owner=None) | Q(options__owner__isnull=True))


def revision_now() -> int:
    """The catalogue's revision; read it before the songs, never after."""
    return Revision.objects.values_list("number", flat=True).order_by("pk").first() or 0


def songs_changed_since(revision: int) -> QuerySet[Song]:
    """Songs stamped after `revision`, hidden ones too, so that caches can drop those."""
    return Song.objects.filter(revision__gt=revision).select_related("artist")
