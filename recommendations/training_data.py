"""All listeners' events as matrices: for training, and split by time for judging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from recommendations.history import FINISHED, History, histories
from recommendations.models import Play, Rating, Verdict

#: Share of the events, the latest, that are hidden when a model is judged.
HIDDEN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Events:
    """Everything a training sees.

    Attributes
    ----------
    histories : {user id: history}
    users, songs : ids, in the order of the matrix's rows and columns
    matrix : scipy.sparse.csr_matrix (users, songs) of signed confidences
    count, latest : number of events, and the time of the last
    """

    histories: dict[int, History]
    users: list[int]
    songs: list[UUID]
    matrix: Any
    count: int
    latest: datetime | None

    @property
    def positive_listeners(self) -> int:
        return int((np.asarray((self.matrix > 0).sum(axis=1)).ravel() > 0).sum())


def events_read() -> Events:
    """All events as of now; three queries."""
    found = histories()
    users = sorted(found)
    confidences = [found[user].confidences() for user in users]
    songs = sorted({song for row in confidences for song in row})
    times = [history.latest for history in found.values() if history.latest]
    return Events(
        found,
        users,
        songs,
        _matrix(confidences, songs),
        sum(history.events for history in found.values()),
        max(times, default=None),
    )


def split(events: Events, *, seen: datetime | None) -> tuple[Any, Any] | None:
    """(train, test) matrices of the same shape: what was known at a time, and what came after.

    Parameters
    ----------
    seen : the last event that the present model has seen. Only later ones are a fair test for it,
        so the latest fifth of all events is hidden, or the later half of the new ones where those
        are fewer.

    Returns
    -------
    None without an event on either side. The test holds the wants that are new after the cut.
    """
    times = sorted(_times())
    if len(times) < 2:
        return None
    cut = times[int((1 - HIDDEN_SHARE) * len(times))]
    new = [at for at in times if seen is None or at > seen]
    if not new:
        return None
    if seen is not None:
        cut = max(cut, new[len(new) // 2])
    before = histories(before=cut)
    train = _matrix(
        [before[user].confidences() if user in before else {} for user in events.users],
        events.songs,
    )
    test = events.matrix.copy()
    test.data[test.data < 0] = 0
    # A song wanted before the cut is no discovery after it.
    test = test - test.multiply(train > 0)
    test.eliminate_zeros()
    return train, test.tocsr()


def _times() -> Iterable[datetime]:
    yield from Rating.objects.filter(private=False).values_list("updated_at", flat=True)
    plays = Play.objects.filter(private=False, outcome__in=FINISHED)
    yield from plays.values_list("updated_at", flat=True)
    never = Verdict.objects.filter(private=False, kind=Verdict.Kind.NEVER)
    yield from never.values_list("created_at", flat=True)


def _matrix(rows: list[dict[UUID, float]], songs: list[UUID]) -> Any:
    from scipy.sparse import csr_matrix

    column = {song: index for index, song in enumerate(songs)}
    entries = [
        (row, column[song], value)
        for row, confidences in enumerate(rows)
        for song, value in confidences.items()
        if song in column
    ]
    at, songs_at, values = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix(
        (np.array(values, dtype=np.float32), (np.array(at, int), np.array(songs_at, int))),
        shape=(len(rows), len(songs)),
    )
