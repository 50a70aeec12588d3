"""A listener's own songs, which are in this listener's lists and in nobody else's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.selectors import songs_owned
from ml.mood import Space
from recommendations.snapshot.arrays import Snapshot
from recommendations.snapshot.rows import common_features, rows_read


def own_songs(*, user_id: int, shared: Snapshot) -> Snapshot:
    """The listener's own songs, placed in the space of the songs that everybody shares; one query.

    `versions` are those of `shared` where it has a version of the song, else numbers after them.
    Where nobody shares a song, the listener's own decide on the space.
    """
    songs = songs_owned(user=user_id).order_by("pk")
    names = shared.space.names if len(shared) else common_features(songs)
    rows = rows_read(songs, names)
    fitted = len(shared) > 0 or not len(rows.points)
    space = shared.space if fitted else Space.fit(rows.points, rows.features, names)
    vectors = space.vectors(rows.points, rows.features)
    known = rows.names
    return Snapshot(
        revision=shared.revision,
        ids=known.ids,
        artists=known.artists,
        genres=known.genres,
        titles=known.titles,
        versions=_versions(known.titles, shared),
        added=known.added,
        points=rows.points,
        vectors=vectors,
        carried=space.carried(vectors),
        judged=known.judged,
        space=space,
    )


def view(shared: Snapshot, own: Snapshot) -> Snapshot:
    """What one listener hears: the shared songs at their places, and the own ones after them."""

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(shared, name), getattr(own, name)])

    if not len(shared):
        return replace(own, base=shared)
    return Snapshot(
        revision=shared.revision,
        ids=joined("ids"),
        artists=joined("artists"),
        genres=joined("genres"),
        titles=joined("titles"),
        versions=joined("versions"),
        added=joined("added"),
        points=joined("points"),
        vectors=joined("vectors"),
        carried=joined("carried"),
        judged=joined("judged"),
        space=shared.space,
        patched=shared.patched,
        base=shared,
    )


def _versions(titles: np.ndarray, shared: Snapshot) -> np.ndarray:
    """(k,) int32 the numbers of the versions that own songs are of."""
    codes, number = np.unique(titles, return_inverse=True)
    next_one = int(shared.versions.max(initial=-1)) + 1
    version = next_one + np.arange(len(codes), dtype=np.int32)
    at = np.flatnonzero(np.isin(shared.titles, codes))
    version[np.searchsorted(codes, shared.titles[at])] = shared.versions[at]
    return version[number].astype(np.int32)
