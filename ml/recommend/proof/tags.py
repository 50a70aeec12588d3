"""Tag files: CSV with `item,tag` and, where known, the `user` who gave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.recommend.proof.interactions import Interactions
from ml.recommend.proof.tables import InteractionsError, numbered_rows

#: Users of a tag file whom the interactions do not know, and tags without a user.
NOBODY = -1


@dataclass(frozen=True)
class Tags:
    """Assignments of tags to items, in file order.

    Attributes
    ----------
    items, tags, users : (n,) int64 codes; items and users are those of the interactions
    count : number of different tags
    width : number of items
    """

    items: np.ndarray
    tags: np.ndarray
    users: np.ndarray
    count: int
    width: int

    def without(self, users: np.ndarray, items: np.ndarray) -> Tags:
        """Without what these users gave to these items, pair by pair."""
        given = self.users * self.width + self.items
        keep = (self.users == NOBODY) | ~np.isin(given, users * self.width + items)
        return replace(self, items=self.items[keep], tags=self.tags[keep], users=self.users[keep])

    def matrix(self) -> Any:
        """scipy.sparse.csr_matrix (tags of two items or more, items) of log(1 + times given)."""
        found = _matrix(self.tags, self.items, (self.count, self.width))
        found.data = np.log1p(found.data)
        return _of_two(found)

    def shelves(self) -> Any:
        """(shelves, items) of ones: what one user put under one tag, two items or more.

        Tags without a user count as given by one.
        """
        owners = (self.users - NOBODY) * self.count + self.tags
        _, shelf = np.unique(owners, return_inverse=True)
        found = _matrix(shelf, self.items, (int(shelf.max(initial=-1)) + 1, self.width))
        found.data[:] = 1.0
        return _of_two(found)


def read_tags(path: Path, known: Interactions) -> Tags:
    """Read a tag file, plain or `.gz`, `.bz2`, `.xz`; items without interactions are left out.

    Raises
    ------
    InteractionsError
        When the file cannot be read, a column is missing, a cell is empty, or no item of the
        interactions has a tag.
    """
    users = {name: code for code, name in enumerate(known.user_names)}
    items = {name: code for code, name in enumerate(known.item_names)}
    tags: dict[str, int] = {}
    found: list[tuple[int, int, int]] = []
    for _, cells in numbered_rows(path, ("item", "tag"), ("user",)):
        if (item := items.get(cells["item"])) is not None:
            tag = tags.setdefault(cells["tag"].casefold(), len(tags))
            found.append((item, tag, users.get(cells.get("user", ""), NOBODY)))
    if not found:
        raise InteractionsError(f"{path}: no item of the interactions has a tag")
    table = np.array(found, dtype=np.int64)
    return Tags(table[:, 0], table[:, 1], table[:, 2], len(tags), len(items))


def _matrix(rows: np.ndarray, items: np.ndarray, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(rows)), (rows, items)), shape=shape)


def _of_two(matrix: Any) -> Any:
    return matrix[np.diff(matrix.indptr) >= 2]
