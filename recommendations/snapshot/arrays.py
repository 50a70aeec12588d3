"""The catalogue as arrays: what a snapshot holds, and finding songs in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from ml.mood import Space
from ml.recommend.spread import Groups


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All visible songs, by id; a listener's view has the listener's own songs after them.

    Attributes
    ----------
    revision : of the catalogue when it was read
    ids : (n,) 16-byte strings, sorted; in a view its own songs' ids are sorted behind the others'
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
    base : of a view, what everybody shares; its songs have the same places here
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
    base: Snapshot | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def shared(self) -> Snapshot:
        """The songs of everybody alone."""
        return self.base or self

    @property
    def own(self) -> np.ndarray:
        """(k,) places of the songs that only this view's listener hears."""
        return np.arange(len(self.shared), len(self))

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
        wanted, first = as_ids(list(songs)), len(self.shared)
        found = places(self.ids[:first], wanted)
        if first == len(self):
            return found
        own = places(self.ids[first:], wanted)
        return np.where(own >= 0, first + own, found)

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
