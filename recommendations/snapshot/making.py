"""Reading the catalogue whole, and patching it when songs change."""

from __future__ import annotations

import numpy as np

from catalog.selectors import revision_now, songs_changed_since, songs_visible
from ml.mood import Space
from recommendations.snapshot.arrays import Snapshot
from recommendations.snapshot.rows import Names, common_features, rows_read

#: Share of the catalogue that may change before the space is fitted anew.
STALE = 0.01


def load() -> Snapshot:
    """Read the whole catalogue and fit its space."""
    revision = revision_now()
    songs = songs_visible()
    names = common_features(songs)
    rows = rows_read(songs.order_by("pk"), names)
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
    # Listeners' own songs are touched too, and are in no list.
    shown = changed.filter(
        hidden=False, owner=None, pk__in=[pk for pk, hidden in touched if not hidden]
    )
    new = rows_read(shown, old.space.names)
    vectors = old.space.vectors(new.points, new.features)

    def joined(here: np.ndarray, there: np.ndarray) -> np.ndarray:
        return np.concatenate([here[keep], there])

    return _sorted(
        revision,
        old.space,
        old.patched + len(touched),
        Names(
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
    names: Names,
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
