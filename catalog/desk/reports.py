"""What the catalogue lacks: songs of moods, and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from catalog.models import Mood, Song
from catalog.selectors import revision_now
from catalog.services.priority import TARGET, TARGET_ARTISTS

#: Seconds for which a report is kept, as long as no song changes.
KEPT_S = 3600


def gaps() -> dict[str, Any]:
    """Songs, artists and languages of every mood against the targets, of what listeners see."""
    key = f"desk:gaps:{revision_now()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _gaps()
        cache.set(key, found, KEPT_S)
    return found


def _gaps() -> dict[str, Any]:
    languages: dict[int, Counter[str]] = {}
    artists: dict[int, set[int]] = {}
    links = Song.moods.through.objects.filter(song__hidden=False, song__owner=None)
    # Grouped by artist, so that one pass over the links counts songs, artists and languages.
    grouped = links.values_list("mood_id", "song__language", "song__artist_id").annotate(
        n=Count("pk")
    )
    for mood, language, artist, number in grouped.order_by():
        languages.setdefault(mood, Counter())[language] += number
        artists.setdefault(mood, set()).add(artist)
    rows = []
    for mood in Mood.objects.all():
        spoken = languages.get(mood.pk, Counter())
        songs, number = sum(spoken.values()), len(artists.get(mood.pk, ()))
        rows.append(
            {
                "slug": mood.slug,
                "name": mood.name,
                "songs": songs,
                "artists": number,
                "languages": {name: spoken[name] for name in sorted(spoken) if name},
                "language_unknown": spoken[""],
                "songs_missing": max(0, TARGET - songs),
                "artists_missing": max(0, TARGET_ARTISTS - number),
            }
        )
    seen = Song.objects.filter(hidden=False, owner=None)
    return {
        "target": TARGET,
        "target_artists": TARGET_ARTISTS,
        "moods": rows,
        "songs": seen.count(),
        "unlabelled": seen.filter(mood_confidence=None).count(),
    }


# --- Licences -------------------------------------------------------------------------------------


def licences() -> dict[str, Any]:
    """Songs for each licence, and how many lack a licence or a credit."""
    songs = Song.objects.filter(owner=None)
    counts = songs.values("licence").annotate(
        n=Count("pk"), uncredited=Count("pk", filter=Q(credit=""))
    )
    rows = list(counts.order_by("-n", "licence"))
    return {
        "rows": rows,
        "songs": sum(row["n"] for row in rows),
        "unlicensed": sum(row["n"] for row in rows if not row["licence"]),
        "uncredited": sum(row["uncredited"] for row in rows),
    }


def songs_lacking() -> QuerySet[Song]:
    """Songs without licence or credit, by title."""
    lacking = Song.objects.filter(Q(licence="") | Q(credit=""), owner=None)
    return lacking.select_related("artist").defer("features").order_by("title", "pk")


COLUMNS = ("id", "title", "artist", "licence", "credit", "origin", "origin_id", "lacks")


def lacking_rows() -> Iterator[list[str]]:
    """The audit as rows of a table, its header first."""
    yield list(COLUMNS)
    for song in songs_lacking().iterator(chunk_size=2000):
        lacks = " and ".join(name for name in ("licence", "credit") if not getattr(song, name))
        cells = (song.title, song.artist.name, song.licence, song.credit)
        named = (song.origin, song.origin_id)
        yield [str(song.pk), *map(_harmless, (*cells, *named)), lacks]


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
