"""What others may read of the catalogue."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import Revision, Song


def songs_visible() -> QuerySet[Song]:
    """Songs that listeners may see and hear, with their artists."""
    return Song.objects.filter(hidden=False).select_related("artist")


def songs_audible(*, user: User | AnonymousUser) -> QuerySet[Song]:
    """Songs that this user may hear: the visible ones, and for curators the hidden ones too."""
    if user.has_perm("catalog.change_song"):
        return Song.objects.select_related("artist")
    return songs_visible()


def revision_now() -> int:
    """The catalogue's revision; read it before the songs, never after."""
    return Revision.objects.values_list("number", flat=True).order_by("pk").first() or 0


def songs_changed_since(revision: int) -> QuerySet[Song]:
    """Songs stamped after `revision`, hidden ones too, so that caches can drop those."""
    return Song.objects.filter(revision__gt=revision).select_related("artist")
