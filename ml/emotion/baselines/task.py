"""What every baseline is given, and what it hands back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ml.emotion.data import Faces, Votes
from ml.emotion.network import NetworkConfig
from ml.emotion.recipe import Recipe

Say = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """The rows, and what training may cost.

    Attributes
    ----------
    training, votes : Training rows with both kinds of label.
    tested, tested_votes : the rows to be read.
    recipe, network : how the expression network was trained; its multiply-adds over that recipe
        are the budget of a deep baseline.
    minutes : most minutes of training for a deep baseline on this machine; None for no limit.
    """

    training: Faces
    votes: Votes
    tested: Faces
    tested_votes: Votes
    recipe: Recipe
    network: NetworkConfig
    minutes: float | None = None


@dataclass(frozen=True)
class Found:
    """A fitted baseline's answers on the tested rows.

    Attributes
    ----------
    fer2013 : (n, 7) probabilities of what was fitted to FER2013 labels.
    served : (n, 7) probabilities of what was fitted to FER+ labels.
    calibrated : whether they are probabilities at all; otherwise 1 for the answer, 0 elsewhere.
    arrays : what was learned, for its hash.
    facts : what else to tell of the fit.
    """

    fer2013: np.ndarray
    served: np.ndarray
    calibrated: bool
    arrays: list[np.ndarray]
    facts: dict[str, Any]

    def sha256(self) -> str:
        """Hex digest of what was learned."""
        digest = hashlib.sha256()
        for array in self.arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


class Baseline(Protocol):
    """`words` name it to people."""

    @property
    def words(self) -> str: ...

    def fit(self, task: Task, say: Say) -> Found:
        """Learn from the training rows and read the tested ones; `say` is told of progress."""
