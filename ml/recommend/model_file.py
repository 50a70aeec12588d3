"""The file of a trained model: the songs' factors, by song id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import numpy as np

from ml.artifacts import ArtifactError, sha256, verify, write_atomically

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ItemModel:
    """The part of a model that all listeners share.

    Attributes
    ----------
    ids : (m, 16) uint8, the bytes of the songs' ids
    factors : (m, f) float32
    popularity : (m,) float32, log1p of the listeners who want each song
    regularisation : as in training, needed to fold listeners in
    gram : (f, f), product of all factors with themselves
    """

    ids: np.ndarray
    factors: np.ndarray
    popularity: np.ndarray
    regularisation: float
    gram: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        wide = self.factors.astype(np.float64)
        object.__setattr__(self, "gram", wide.T @ wide)


def id_bytes(ids: Sequence[UUID]) -> np.ndarray:
    """Ids as rows of 16 bytes, (n, 16) uint8."""
    joined = b"".join(one.bytes for one in ids)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, 16)


def save(path: Path, model: ItemModel) -> str:
    """Write a model file, whole or not at all; returns its sha256."""
    write_atomically(
        path,
        lambda stream: np.savez(
            stream,
            format=np.int64(FORMAT),
            ids=model.ids,
            factors=model.factors.astype("<f4"),
            popularity=model.popularity.astype("<f4"),
            regularisation=np.float64(model.regularisation),
        ),
    )
    return sha256(path)


def load(path: Path, expected_sha256: str) -> ItemModel:
    """Read a model file after checking its hash.

    Raises
    ------
    ArtifactError
        When it is missing, damaged or of another format.
    """
    verify(path, expected_sha256)
    try:
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["format"]) != FORMAT:
                raise ArtifactError(f"{path} has format {kept['format']}: run `manage.py retrain`.")
            return ItemModel(
                ids=kept["ids"],
                factors=kept["factors"].astype(np.float32),
                popularity=kept["popularity"].astype(np.float32),
                regularisation=float(kept["regularisation"]),
            )
    except (OSError, ValueError, KeyError) as error:
        raise ArtifactError(f"{path} cannot be read: {error}") from error
