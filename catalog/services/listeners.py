"""What one listener wants of the catalogue."""

from __future__ import annotations

from accounts.models import User
from catalog.models import Artist, HiddenArtist


def artist_hide(*, user: User, artist: Artist) -> None:
    """Keep the artist's songs out of the listener's lists and pages. Idempotent."""
    # Two requests at once: the constraint lets one row stand.
    HiddenArtist.objects.bulk_create(
        [HiddenArtist(user=user, artist=artist)], ignore_conflicts=True
    )


def artist_show(*, user: User, artist: Artist) -> None:
    """Let the listener have the artist's songs again. Idempotent."""
    HiddenArtist.objects.filter(user=user, artist=artist).delete()
