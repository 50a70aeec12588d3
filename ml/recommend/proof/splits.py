"""Which rows are learnt from, which choose the hyper-parameters, and which are the test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.recommend.proof.interactions import Interactions
from ml.recommend.proof.tables import InteractionsError

#: Train, validation, test, as in RecBole's general recommendation benchmarks.
SHARES = (0.8, 0.1, 0.1)


@dataclass(frozen=True)
class Split:
    """Row indexes of each part, each in file order."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def ratio(data: Interactions, seed: int) -> Split:
    """Per user at random 8:1:1, by the counts of RecBole's `ratio` split: a user of fewer than ten
    rows still gives one to each part, as long as two are left to learn from.
    """
    random = np.random.default_rng(seed)
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for rows in _rows_of_users(data):
        shuffled = random.permutation(rows)
        train, validation, _ = counts = _counts(len(rows))
        cuts = np.cumsum(counts)
        parts[0].extend(shuffled[:train])
        parts[1].extend(shuffled[train : train + validation])
        parts[2].extend(shuffled[cuts[1] : cuts[2]])
    return _checked(parts)


def leave_last_out(data: Interactions) -> Split:
    """Each user's last row by time is the test, the one before validates; users of fewer than
    three rows are only learnt from. Rows of one time stay in file order.

    Raises
    ------
    InteractionsError
        When the file has no timestamps.
    """
    if data.timestamps is None:
        raise InteractionsError("leave-last-out needs a timestamp column")
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for rows in _rows_of_users(data):
        ordered = rows[np.argsort(data.timestamps[rows], kind="stable")]
        if len(ordered) < 3:
            parts[0].extend(ordered)
            continue
        parts[0].extend(ordered[:-2])
        parts[1].append(ordered[-2])
        parts[2].append(ordered[-1])
    return _checked(parts)


def fixed(train: Interactions, both: Interactions, seed: int) -> Split:
    """The rows of `both` that are not in `train` are the test; a tenth of each user's others, at
    random, validates.

    Parameters
    ----------
    train : the file learnt from.
    both : the same with the test file's rows behind it, as `joined` makes it.
    """
    random = np.random.default_rng(seed)
    known = len(train.users)
    parts: tuple[list[int], list[int], list[int]] = ([], [], list(range(known, len(both.users))))
    for rows in _rows_of_users(train):
        shuffled = random.permutation(rows)
        held = len(rows) // 10 if len(rows) >= 10 else int(len(rows) > 2)
        parts[0].extend(shuffled[held:])
        parts[1].extend(shuffled[:held])
    return _checked(parts)


def joined(train: Interactions, test: Interactions) -> Interactions:
    """`train` with the rows of `test` behind it; `test` must have been read with `known=train`.

    Rows of `test` whose pair `train` has too are left out: what is known is not recommended.
    """
    width = len(test.item_names)
    seen = np.isin(test.users * width + test.items, train.users * width + train.items)
    rows = np.flatnonzero(~seen)
    return Interactions(
        users=np.concatenate([train.users, test.users[rows]]),
        items=np.concatenate([train.items, test.items[rows]]),
        values=np.concatenate([train.values, test.values[rows]]),
        timestamps=None,
        user_names=test.user_names,
        item_names=test.item_names,
    )


def _rows_of_users(data: Interactions) -> list[np.ndarray]:
    order = np.argsort(data.users, kind="stable")
    starts = np.flatnonzero(np.diff(data.users[order], prepend=-1))
    return np.split(order, starts[1:])


def _counts(total: int) -> tuple[int, int, int]:
    counts = [int(share * total) for share in SHARES]
    counts[0] = total - sum(counts[1:])
    for part in (2, 1):
        if counts[0] <= 1:
            break
        if 0 < SHARES[part] * total < 1:
            counts[part] += 1
            counts[0] -= 1
    return counts[0], counts[1], counts[2]


def _checked(parts: tuple[list[int], list[int], list[int]]) -> Split:
    train, validation, test = (np.sort(np.array(part, dtype=np.int64)) for part in parts)
    for name, rows in (("learn from", train), ("validate on", validation), ("test on", test)):
        if not len(rows):
            raise InteractionsError(f"too few rows: none is left to {name}")
    return Split(train, validation, test)
