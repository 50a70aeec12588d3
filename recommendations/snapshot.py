"""The catalogue as arrays, for ranking: one immutable snapshot, patched when songs change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Annotation, Song
from catalog.selectors import revision_now, songs_changed_since, songs_visible
from ml.mood import Space
from ml.recommend.spread import Groups
from ml.recommend.versions import version_code

#: Songs that decide which features are common.
SAMPLE = 1000
#: Share of the catalogue that may change before the space is fitted anew.
STALE = 0.01
CHUNK = 2000
#: A measurement beyond this is damage, and counts as unknown, as one that is no number.
MOST = 1e30


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All visible songs, by id.

    Attributes
    ----------
    revision : of the catalogue when it was read
    ids : (n,) 16-byte strings, sorted
    artists : (n,) int64, ids of artists
    genres : (n,) int64, see `genre_code`
    points : (n, 2) float32, valence and arousal; NaN for songs without moods
    titles : (n,) int64, codes that versions of one song share, see `ml.recommend.versions`
    versions : (n,) int32, the same codes counted from 0
    added : (n,) int64, seconds since 1970
    vectors : (n, d) float32 unit vectors in `space`
    carried : (n, d) float32, what of their sound their mood does not explain
    judged : (n,) booleans, whether a curator has judged the song's moods
    patched : songs changed since `space` was fitted
    """

    revision: int
    ids: np.ndarray
    artists: np.ndarray
    genres: np.ndarray
    titles: np.ndarray
    versions: np.ndarray
    added: np.ndarray
    points: np.ndarray
    vectors: np.ndarray
    carried: np.ndarray
    judged: np.ndarray
    space: Space
    patched: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def groups(self) -> Groups:
        return Groups(self.artists, self.versions)

    def added_since(self, at: datetime) -> np.ndarray:
        """(n,) booleans."""
        return self.added > int(at.timestamp())

    def with_versions_of(self, songs: np.ndarray) -> np.ndarray:
        """(n,) booleans: the songs at these places and all versions of them."""
        named = np.zeros(int(self.versions.max()) + 1 if len(self) else 0, dtype=bool)
        named[self.versions[songs]] = True
        return named[self.versions]

    def index_of(self, songs: Iterable[UUID]) -> np.ndarray:
        """(k,) places of songs, -1 for those that are not here."""
        return places(self.ids, as_ids(list(songs)))

    def song_id(self, index: int) -> UUID:
        return UUID(bytes=self.ids[index].ljust(16, b"\0"))


def as_ids(songs: Sequence[UUID]) -> np.ndarray:
    """(k,) 16-byte strings; they compare byte by byte, as both databases order ids."""
    return np.array([song.bytes for song in songs], dtype="S16")


def places(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(k,) places of `wanted` among sorted `ids`, -1 where absent."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1)


@cache
def genre_code(name: str) -> int:
    """A number that stands for a genre in any process, whatever the case of its letters."""
    digest = blake2b(name.strip().casefold().encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def load() -> Snapshot:
    """Read the whole catalogue and fit its space."""
    revision = revision_now()
    songs = songs_visible()
    names = _common_features(songs)
    rows = _read(songs.order_by("pk"), names)
    space = Space.fit(rows.points, rows.features, names)
    vectors = space.vectors(rows.points, rows.features)
    carried = space.carried(vectors)
    return _sorted(revision, space, 0, rows.names, rows.points, vectors, carried)


def refreshed(old: Snapshot) -> Snapshot:
    """`old` when nothing has changed, else a snapshot of the catalogue as it is now.

    A few changed songs are placed in the space as it was fitted; the fit moves by as little as
    they are few, and the next full read corrects it.
    """
    revision = revision_now()
    if revision == old.revision and len(old):
        return old
    room = int(STALE * len(old)) - old.patched
    if revision < old.revision or room <= 0:
        return load()
    changed = songs_changed_since(old.revision)
    touched = list(changed.values_list("pk", "hidden")[: room + 1])
    if len(touched) > room:
        return load()
    keep = np.ones(len(old), dtype=bool)
    gone = old.index_of(pk for pk, _hidden in touched)
    keep[gone[gone >= 0]] = False
    shown = changed.filter(hidden=False, pk__in=[pk for pk, hidden in touched if not hidden])
    new = _read(shown, old.space.names)
    vectors = old.space.vectors(new.points, new.features)

    def joined(here: np.ndarray, there: np.ndarray) -> np.ndarray:
        return np.concatenate([here[keep], there])

    return _sorted(
        revision,
        old.space,
        old.patched + len(touched),
        _Names(
            joined(old.ids, new.names.ids),
            joined(old.artists, new.names.artists),
            joined(old.genres, new.names.genres),
            joined(old.titles, new.names.titles),
            joined(old.added, new.names.added),
            joined(old.judged, new.names.judged),
        ),
        joined(old.points, new.points),
        joined(old.vectors, vectors),
        joined(old.carried, old.space.carried(vectors)),
    )


def _sorted(
    revision: int,
    space: Space,
    patched: int,
    names: _Names,
    points: np.ndarray,
    vectors: np.ndarray,
    carried: np.ndarray,
) -> Snapshot:
    order = np.argsort(names.ids, kind="stable")
    titles = names.titles[order]
    return Snapshot(
        revision,
        names.ids[order],
        names.artists[order],
        names.genres[order],
        titles,
        np.unique(titles, return_inverse=True)[1].astype(np.int32),
        names.added[order],
        points[order],
        vectors[order],
        carried[order],
        names.judged[order],
        space,
        patched,
    )


def _common_features(songs: QuerySet[Song]) -> tuple[str, ...]:
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


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known of songs besides where they lie, (n,) each; see `Snapshot`."""

    ids: np.ndarray
    artists: np.ndarray
    genres: np.ndarray
    titles: np.ndarray
    added: np.ndarray
    judged: np.ndarray


@dataclass(frozen=True, slots=True)
class _Rows:
    """Songs as read: `points` (n, 2) and `features` (n, f) are NaN where unknown."""

    names: _Names
    points: np.ndarray
    features: np.ndarray


def _read(songs: QuerySet[Song], names: tuple[str, ...]) -> _Rows:
    moods = Song.moods.through.objects.filter(song=OuterRef("pk"))
    curated = Annotation.objects.filter(song=OuterRef("pk"), source=Annotation.Source.CURATOR)
    rows = songs.annotate(has_mood=Exists(moods), judged=Exists(curated)).values_list(
        "pk",
        "artist",
        "artist__name",
        "title",
        "genre",
        "created_at",
        "judged",
        "valence",
        "arousal",
        "has_mood",
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
        valence, arousal, has_mood, features = measures
        ids.append(pk.bytes)
        artists.append(artist)
        genres.append(genre_code(genre))
        titles.append(version_code(name, title))
        added.append(int(created.timestamp()))
        judged.append(by_curator)
        measured: dict[str, Any] = features or {}
        numbers = [valence, arousal] if has_mood else [unknown, unknown]
        for name in names:
            value = _number(measured.get(name))
            numbers.append(unknown if value is None else value)
        block.append(numbers)
        if len(block) == CHUNK:
            blocks.append(np.array(block, dtype=np.float32))
            block = []
    blocks.append(np.array(block, dtype=np.float32).reshape(-1, 2 + len(names)))
    values = np.concatenate(blocks)
    return _Rows(
        _Names(
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
