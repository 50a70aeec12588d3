"""Albums of imported files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.conf import settings

from catalog.models import Album

#: Artist's key, title, year, name of the cover's file.
Wanted = tuple[int, str, int | None, str]


def albums_make(*, wanted: Collection[Wanted]) -> dict[tuple[int, str], int]:
    """Make albums that there are not, in the caller's transaction; keys by artist and title.

    An album without a cover or a year takes the first it is given.
    """
    if not wanted:
        return {}
    Album.objects.bulk_create(
        [Album(artist_id=artist, title=title) for artist, title in {one[:2] for one in wanted}],
        ignore_conflicts=True,
    )
    found = Album.objects.filter(
        artist_id__in={one[0] for one in wanted}, title__in={one[1] for one in wanted}
    )
    albums = {(album.artist_id, album.title): album for album in found}
    changed = set()
    for artist, title, year, cover in wanted:
        album = albums[artist, title]
        if (cover and not album.cover) or (year and album.year is None):
            album.cover, album.year = album.cover or cover, album.year or year
            changed.add(album)
    Album.objects.bulk_update(changed, ["cover", "year"])
    return {key: album.pk for key, album in albums.items()}


def album_clear(*, album_id: int) -> None:
    """Delete an album without songs, and its cover unless another album has the same."""
    album = Album.objects.filter(pk=album_id, songs=None).first()
    if album is None:
        return
    album.delete()
    if album.cover and not Album.objects.filter(cover=album.cover).exists():
        (Path(settings.COVERS_DIR) / album.cover).unlink(missing_ok=True)
