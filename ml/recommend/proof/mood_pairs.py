"""What is asked of a mood list: a listener, a mood, and the artists to be found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.proof.mood_tags import MoodTags
from ml.recommend.proof.tables import InteractionsError

#: Artists that a listener must have given a mood, so that there are two to find and two to leave.
LEAST_ARTISTS = 4
#: Parts of the listeners; each is judged by what was learnt and chosen without it.
FOLDS = 5


@dataclass(frozen=True)
class Pairs:
    """Listeners with a mood of four artists or more, one row for each such pair.

    Attributes
    ----------
    users, moods, folds : (p,) codes; a listener is in one fold with all their moods
    own : p arrays of the artists to whom the listener gave the mood
    """

    users: np.ndarray
    moods: np.ndarray
    folds: np.ndarray
    own: list[np.ndarray]


@dataclass(frozen=True)
class Draw:
    """One draw by chance: of each pair, half of the artists are wanted and no longer known.

    Attributes
    ----------
    wanted : scipy.sparse.csr_matrix (p, artists), positive where an artist is to be found
    plays : (p, artists) csr of the listeners' play counts without the wanted artists
    order : p arrays, the columns of each row of `plays` in the order in which they get known
    """

    wanted: Any
    plays: Any
    order: list[np.ndarray]

    def known(self, most: int | None) -> Any:
        """`plays` with at most so many artists of each pair; None keeps all."""
        from scipy.sparse import csr_matrix

        if most is None:
            return self.plays
        columns = [order[:most] for order in self.order]
        rows = np.repeat(np.arange(len(columns)), [len(some) for some in columns])
        kept = csr_matrix(
            (np.ones(len(rows)), (rows, np.concatenate(columns))), shape=self.plays.shape
        )
        return kept.multiply(self.plays).tocsr()


def pairs_of(data: MoodTags) -> Pairs:
    """All pairs, with the same folds each time.

    Raises
    ------
    InteractionsError
        When fewer listeners than folds have one.
    """
    keys = np.column_stack([data.users, data.moods])
    found, starts, counts = np.unique(keys, axis=0, return_index=True, return_counts=True)
    enough = counts >= LEAST_ARTISTS
    users, moods = found[enough].T
    listeners, place = np.unique(users, return_inverse=True)
    if len(listeners) < FOLDS:
        raise InteractionsError(
            f"{len(listeners)} listeners have given one mood to {LEAST_ARTISTS} artists or more, "
            f"at least {FOLDS} are needed"
        )
    folds = np.random.default_rng(0).permutation(len(listeners)) % FOLDS
    spans = zip(starts[enough], counts[enough], strict=True)
    own = [data.artists[start : start + count] for start, count in spans]
    return Pairs(users, moods, folds[place], own)


def draw(data: MoodTags, pairs: Pairs, seed: int) -> Draw:
    """Choose by chance what is wanted, and the order in which the rest gets known."""
    from scipy.sparse import csr_matrix

    random = np.random.default_rng(seed)
    wanted = [random.permutation(own)[: len(own) // 2] for own in pairs.own]
    rows = np.repeat(np.arange(len(wanted)), [len(some) for some in wanted])
    hidden = csr_matrix(
        (np.ones(len(rows)), (rows, np.concatenate(wanted))),
        shape=(len(wanted), data.plays.shape[1]),
    )
    all_plays = data.plays[pairs.users]
    plays = (all_plays - all_plays.multiply(hidden)).tocsr()
    plays.eliminate_zeros()
    order = [
        random.permutation(plays.indices[start:end])
        for start, end in zip(plays.indptr[:-1], plays.indptr[1:], strict=True)
    ]
    return Draw(hidden, plays, order)
