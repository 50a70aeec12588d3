"""All listeners' events as matrices: for training, and split by time for judging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from accounts.models import User
from recommendations.history import FINISHED, History, histories
from recommendations.models import Play, Rating, Verdict

#: Share of the events, the latest, that are hidden when a model is judged.
HIDDEN_SHARE = 0.2
#: Listeners whose histories are in memory at once: as objects, events take a hundred times the
#: memory that they take in a matrix.
BLOCK = 1000


class Known(NamedTuple):
    """How many events of a listener were read, and the time of the last."""

    events: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Events:
    """Everything a training sees.

    Attributes
    ----------
    users, songs : ids, in the order of the matrix's rows and columns
    known : of each of the users
    matrix : scipy.sparse.csr_matrix (users, songs) of signed confidences
    count, latest : number of events, and the time of the last
    """

    users: list[int]
    songs: list[UUID]
    known: list[Known]
    matrix: Any
    count: int
    latest: datetime | None

    @property
    def positive_listeners(self) -> int:
        return int((np.asarray((self.matrix > 0).sum(axis=1)).ravel() > 0).sum())


def events_read() -> Events:
    """All events as of now; three queries for each thousand listeners."""
    users: list[int] = []
    known: list[Known] = []
    table = _Table()
    for user, history in _each(before=None):
        users.append(user)
        known.append(Known(history.events, history.latest))
        table.add(len(users) - 1, history.confidences())
    songs, matrix = table.finished(len(users))
    return Events(
        users=users,
        songs=songs,
        known=known,
        matrix=matrix,
        count=sum(one.events for one in known),
        latest=max((one.latest for one in known if one.latest), default=None),
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
    cut = _cut(seen)
    if cut is None:
        return None
    row_of = {user: row for row, user in enumerate(events.users)}
    table = _Table()
    for user, history in _each(before=cut):
        if user in row_of:
            table.add(row_of[user], history.confidences())
    train = table.of(events.songs, len(events.users))
    test = events.matrix.copy()
    test.data[test.data < 0] = 0
    # A song wanted before the cut is no discovery after it.
    test = test - test.multiply(train > 0)
    test.eliminate_zeros()
    return train, test.tocsr()


def _cut(seen: datetime | None) -> datetime | None:
    # As numbers, of which millions are small and quickly sorted.
    times = np.sort(np.fromiter((at.timestamp() for at in _times()), dtype=np.float64))
    new = times if seen is None else times[times > seen.timestamp()]
    if len(times) < 2 or not len(new):
        return None
    cut = times[int((1 - HIDDEN_SHARE) * len(times))]
    if seen is not None:
        cut = max(cut, new[len(new) // 2])
    return datetime.fromtimestamp(float(cut), tz=UTC)


def _times() -> Iterable[datetime]:
    ratings = Rating.objects.filter(private=False)
    yield from ratings.values_list("updated_at", flat=True).iterator()
    plays = Play.objects.filter(private=False, outcome__in=FINISHED)
    yield from plays.values_list("updated_at", flat=True).iterator()
    never = Verdict.objects.filter(private=False, kind=Verdict.Kind.NEVER)
    yield from never.values_list("created_at", flat=True).iterator()


def _each(*, before: datetime | None) -> Iterator[tuple[int, History]]:
    """Listeners with events by their ids, and their histories."""
    ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BLOCK):
        block = ids[start : start + BLOCK]
        yield from sorted(histories(users=(block[0], block[-1]), before=before).items())


class _Table:
    """Entries of a matrix, gathered row by row; songs are numbered as they are met."""

    def __init__(self) -> None:
        self.number_of: dict[bytes, int] = {}
        self.rows: list[np.ndarray] = []
        self.columns: list[np.ndarray] = []
        self.values: list[np.ndarray] = []

    def add(self, row: int, confidences: dict[UUID, float]) -> None:
        numbers = [
            self.number_of.setdefault(song.bytes, len(self.number_of)) for song in confidences
        ]
        self.rows.append(np.full(len(numbers), row, dtype=np.int32))
        self.columns.append(np.array(numbers, dtype=np.int32))
        self.values.append(np.array(list(confidences.values()), dtype=np.float32))

    def finished(self, users: int) -> tuple[list[UUID], Any]:
        """The songs in the order of their ids, and the matrix (users, songs)."""
        songs = [UUID(bytes=one) for one in sorted(self.number_of)]
        return songs, self.of(songs, users)

    def of(self, songs: list[UUID], users: int) -> Any:
        """csr matrix (users, songs) of the songs named."""
        from scipy.sparse import csr_matrix

        if not self.rows or not songs:
            return csr_matrix((users, len(songs)), dtype=np.float32)
        column = np.full(len(self.number_of), -1, dtype=np.int32)
        for place, song in enumerate(songs):
            if song.bytes in self.number_of:
                column[self.number_of[song.bytes]] = place
        columns = column[np.concatenate(self.columns)]
        here = columns >= 0
        at = (np.concatenate(self.rows)[here], columns[here])
        return csr_matrix(
            (np.concatenate(self.values)[here], at), shape=(users, len(songs)), dtype=np.float32
        )
