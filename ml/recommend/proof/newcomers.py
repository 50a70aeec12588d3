"""Listeners whom nothing was learnt from, known by their first plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.proof.interactions import Interactions

#: Rows of each that lists are to find.
HIDDEN = 20


@dataclass(frozen=True)
class Newcomers:
    """`order` holds each one's rows by chance, those to be found first."""

    data: Interactions
    users: np.ndarray
    order: list[np.ndarray]

    @classmethod
    def of(cls, data: Interactions, users: np.ndarray, random: np.random.Generator) -> Newcomers:
        """Of these users, whose rows are put in order by `random`."""
        chosen = np.sort(users)
        order = np.argsort(data.users, kind="stable")
        starts = np.searchsorted(data.users[order], [chosen, chosen + 1])
        rows = [order[start:end] for start, end in starts.T]
        return cls(data, chosen, [random.permutation(mine) for mine in rows])

    def known(self, plays: int) -> Any:
        """(users, items) csr of the first so many plays that are not to be found."""
        return self.data.matrix(
            np.concatenate([rows[HIDDEN : HIDDEN + plays] for rows in self.order])
        )

    def wanted(self) -> Any:
        """(users, items) csr of what is to be found."""
        return self.data.matrix(np.concatenate([rows[:HIDDEN] for rows in self.order]))
