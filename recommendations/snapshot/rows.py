"""Songs as read from the database, before they are placed in a space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Annotation, Song
from ml.recommend.versions import version_code

#: Songs that decide which features are common.
SAMPLE = 1000
CHUNK = 2000
#: A measurement beyond this is damage, and counts as unknown, as one that is no number.
MOST = 1e30


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of songs besides where they lie, (n,) each; see `Snapshot`."""

    ids: np.ndarray
    artists: np.ndarray
    genres: np.ndarray
    titles: np.ndarray
    added: np.ndarray
    judged: np.ndarray


@dataclass(frozen=True, slots=True)
class Rows:
    """Songs as read: `points` (n, 2) and `features` (n, f) are NaN where unknown."""

    names: Names
    points: np.ndarray
    features: np.ndarray


@cache
def genre_code(name: str) -> int:
    """A number that stands for a genre in any process, whatever the case of its letters."""
    digest = blake2b(name.strip().casefold().encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def common_features(songs: QuerySet[Song]) -> tuple[str, ...]:
    """Names of numeric features that at least half of the measured songs have, sorted."""
    sample = songs.exclude(features={}).order_by("pk").values_list("features", flat=True)[:SAMPLE]
    seen: dict[str, int] = {}
    measured = 0
    for features in sample:
        measured += 1
        for name, value in features.items():
            if _number(value) is not None:
                seen[name] = seen.get(name, 0) + 1
    return tuple(sorted(name for name, count in seen.items() if 2 * count >= measured))


def rows_read(songs: QuerySet[Song], names: tuple[str, ...]) -> Rows:
    curated = Annotation.objects.filter(song=OuterRef("pk"), source=Annotation.Source.CURATOR)
    rows = songs.annotate(judged=Exists(curated)).values_list(
        "pk",
        "artist",
        "artist__name",
        "title",
        "genre",
        "created_at",
        "judged",
        "valence",
        "arousal",
        "placed",
        "features",
    )
    ids: list[bytes] = []
    artists: list[int] = []
    genres: list[int] = []
    titles: list[int] = []
    added: list[int] = []
    judged: list[bool] = []
    blocks: list[np.ndarray] = []
    block: list[list[float]] = []
    unknown = float("nan")
    for row in rows.iterator(chunk_size=CHUNK):
        pk, artist, name, title, genre, created, by_curator, *measures = row
        valence, arousal, placed, features = measures
        ids.append(pk.bytes)
        artists.append(artist)
        genres.append(genre_code(genre))
        titles.append(version_code(name, title))
        added.append(int(created.timestamp()))
        judged.append(by_curator)
        measured: dict[str, Any] = features or {}
        numbers = [valence, arousal] if placed else [unknown, unknown]
        for name in names:
            value = _number(measured.get(name))
            numbers.append(unknown if value is None else value)
        block.append(numbers)
        if len(block) == CHUNK:
            blocks.append(np.array(block, dtype=np.float32))
            block = []
    blocks.append(np.array(block, dtype=np.float32).reshape(-1, 2 + len(names)))
    values = np.concatenate(blocks)
    return Rows(
        Names(
            np.array(ids, dtype="S16"),
            np.array(artists, dtype=np.int64),
            np.array(genres, dtype=np.int64),
            np.array(titles, dtype=np.int64),
            np.array(added, dtype=np.int64),
            np.array(judged, dtype=bool),
        ),
        values[:, :2],
        values[:, 2:],
    )


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST:
        return float(value)
    return None
