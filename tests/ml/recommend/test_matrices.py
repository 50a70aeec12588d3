"""Counting listeners and leaving out what is known, worked out by hand."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ml.recommend.matrices import leave_out, listeners_of


def test_listeners_are_those_who_want_it() -> None:
    values = csr_matrix(([5.0, 0.0, -1.0, 2.0, 1.0], ([0, 0, 1, 1, 2], [0, 1, 0, 2, 2])))

    assert listeners_of(values).tolist() == [1, 0, 2]


def test_known_items_are_left_out_in_place_whatever_their_value() -> None:
    scores = np.ones((2, 3))

    leave_out(scores, csr_matrix(([-1.0, 2.0], ([0, 1], [2, 0])), shape=(2, 3)))

    assert scores.tolist() == [[1, 1, -np.inf], [-np.inf, 1, 1]]
