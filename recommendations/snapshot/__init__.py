"""The catalogue as arrays, for ranking: one immutable snapshot, patched when songs change."""

from recommendations.snapshot.arrays import Snapshot, as_ids, places
from recommendations.snapshot.making import load, refreshed
from recommendations.snapshot.own import own_songs, view
from recommendations.snapshot.rows import genre_code

__all__ = [
    "Snapshot", "as_ids", "genre_code", "load", "own_songs", "places", "refreshed", "view",
]  # fmt: skip
