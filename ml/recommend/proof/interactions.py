"""Interaction files: CSV with `user,item` and, where known, `value` and `timestamp`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.recommend.proof.tables import InteractionsError, number_of, numbered_rows


@dataclass(frozen=True)
class Interactions:
    """Rows of a file, one for each pair of user and item, in the order of first appearance.

    Attributes
    ----------
    users, items : (n,) int64 codes
    values : (n,) float64, positive; values of repeated pairs are summed
    timestamps : (n,) float64, the latest of repeated pairs; None when the file has none
    user_names, item_names : code to the file's own name
    """

    users: np.ndarray
    items: np.ndarray
    values: np.ndarray
    timestamps: np.ndarray | None
    user_names: list[str]
    item_names: list[str]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""
        return len(self.user_names), len(self.item_names)

    def matrix(self, rows: np.ndarray) -> Any:
        """scipy.sparse.csr_matrix (users, items) of the values of some rows."""
        from scipy.sparse import csr_matrix

        places = (self.users[rows], self.items[rows])
        return csr_matrix((self.values[rows], places), shape=self.shape)

    def only(self, rows: np.ndarray) -> Interactions:
        """Some rows, with the codes and names of all."""
        times = None if self.timestamps is None else self.timestamps[rows]
        return replace(
            self,
            users=self.users[rows],
            items=self.items[rows],
            values=self.values[rows],
            timestamps=times,
        )


def read_interactions(path: Path, *, known: Interactions | None = None) -> Interactions:
    """Read an interaction file, plain or `.gz`, `.bz2`, `.xz`.

    Rows whose value is 0 or less say that the item is not wanted; they are left out, as rankings
    are judged by what is wanted.

    Parameters
    ----------
    known : codes of this file are used; users and items it does not have get codes behind them.

    Raises
    ------
    InteractionsError
        When the file cannot be read, a column is missing, a cell is empty or no finite number, or
        no row is left.
    """
    users = {name: code for code, name in enumerate(known.user_names)} if known else {}
    items = {name: code for code, name in enumerate(known.item_names)} if known else {}
    sums: dict[tuple[int, int], float] = {}
    latest: dict[tuple[int, int], float] = {}
    for where, cells in numbered_rows(path, ("user", "item"), ("value", "timestamp")):
        user, item = cells.pop("user"), cells.pop("item")
        numbers = {name: number_of(cell, f"{where}: {name}") for name, cell in cells.items()}
        value = numbers.get("value", 1.0)
        if value <= 0:
            continue
        pair = users.setdefault(user, len(users)), items.setdefault(item, len(items))
        sums[pair] = sums.get(pair, 0.0) + value
        if "timestamp" in numbers:
            latest[pair] = max(latest.get(pair, -math.inf), numbers["timestamp"])
    if not sums:
        raise InteractionsError(f"{path}: no row with a positive value")
    pairs = np.array(list(sums), dtype=np.int64)
    return Interactions(
        users=pairs[:, 0],
        items=pairs[:, 1],
        values=np.array(list(sums.values())),
        timestamps=np.array([latest[pair] for pair in sums]) if latest else None,
        user_names=list(users),
        item_names=list(items),
    )
