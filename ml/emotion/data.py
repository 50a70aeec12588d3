"""Reading FER2013 and FER+ in their public file formats."""

from __future__ import annotations

import bz2
import csv
import hashlib
import io
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from ml.emotion.labels import FERPLUS_COLUMNS, FERPLUS_HEAD_COLUMNS, FERPLUS_OF_EMOTION

SIDE = 48
USAGES = ("Training", "PublicTest", "PrivateTest")


class DataError(ValueError):
    """A data file is not what its format promises; the message names file and line."""


@dataclass(frozen=True)
class Faces:
    """Labelled crops: `pixels` (n, 48, 48) uint8, `labels` (n,) int, `usage` (n,) str."""

    pixels: np.ndarray
    labels: np.ndarray
    usage: np.ndarray

    def where(self, rows: np.ndarray) -> Faces:
        """The rows chosen by a boolean mask or an index array."""
        return Faces(self.pixels[rows], self.labels[rows], self.usage[rows])


def _open_text(path: Path) -> IO[str]:
    if path.suffix == ".bz2":
        return io.TextIOWrapper(bz2.open(path, "rb"), encoding="ascii", newline="")
    if path.suffix == ".xz":
        return io.TextIOWrapper(lzma.open(path, "rb"), encoding="ascii", newline="")
    return path.open(encoding="ascii", newline="")


def read_fer2013(path: Path) -> Faces:
    """Read `fer2013.csv` (`emotion,pixels,Usage`), plain or `.bz2`/`.xz`.

    Raises
    ------
    DataError
        When a header, label, usage or pixel row is not as the format says.
    """
    pixels, labels, usage = [], [], []
    with _open_text(path) as handle:
        reader = csv.reader(handle)
        header = next(reader, None)
        if header is None or [name.strip() for name in header] != ["emotion", "pixels", "Usage"]:
            raise DataError(f"{path}: the header must be emotion,pixels,Usage, found {header}")
        for line, row in enumerate(reader, start=2):
            if len(row) != 3:
                raise DataError(f"{path}, line {line}: expected 3 columns, found {len(row)}")
            try:
                values = np.array(row[1].split(), dtype=np.uint8)
                label = int(row[0])
            except (ValueError, OverflowError) as error:
                raise DataError(f"{path}, line {line}: {error}") from error
            if values.size != SIDE * SIDE:
                raise DataError(f"{path}, line {line}: {values.size} pixels, expected 2304")
            if not 0 <= label <= 6 or row[2] not in USAGES:
                raise DataError(f"{path}, line {line}: label {row[0]}, usage {row[2]!r}")
            pixels.append(values)
            labels.append(label)
            usage.append(row[2])
    if not pixels:
        raise DataError(f"{path}: no rows")
    return Faces(
        np.stack(pixels).reshape(-1, SIDE, SIDE),
        np.array(labels, dtype=np.int64),
        np.array(usage),
    )


@dataclass(frozen=True)
class Votes:
    """FER+ votes: `votes` (n, 10) int in FERPLUS_COLUMNS order, `usage` (n,) str."""

    votes: np.ndarray
    usage: np.ndarray

    def head_targets(self) -> tuple[np.ndarray, np.ndarray]:
        """Soft targets for the FER+ head and a weight per row.

        Returns
        -------
        targets : (n, 8) float32, rows summing to 1 (uniform where the weight is 0).
        weights : (n,) float32: 0 where nobody saw one of the eight classes, else 1. Lone votes
            are dropped as noise, as the FER+ authors do (Barsoum et al., ICMI 2016).
        """
        votes = self.votes[:, FERPLUS_HEAD_COLUMNS].astype(np.float32)
        votes[votes <= 1] = 0
        total = votes.sum(axis=1, keepdims=True)
        weights = (total[:, 0] > 0).astype(np.float32)
        targets = np.where(total > 0, votes / np.maximum(total, 1), 1 / votes.shape[1])
        return targets.astype(np.float32), weights

    def seven_labels(self) -> np.ndarray:
        """(n,) label id of the plurality over all ten columns, ties to the first; -1 where that is
        not one of the seven emotions.
        """
        winner = self.votes.argmax(axis=1)
        lookup = np.full(len(FERPLUS_COLUMNS), -1)
        lookup[list(FERPLUS_OF_EMOTION)] = np.arange(7)
        return lookup[winner]

    def where(self, rows: np.ndarray) -> Votes:
        """The rows chosen by a boolean mask or an index array."""
        return Votes(self.votes[rows], self.usage[rows])


def read_ferplus(path: Path) -> Votes:
    """Read `fer2013new.csv` (Usage, image name, ten votes).

    Raises
    ------
    DataError
        When the header or a row is not as the format says.
    """
    votes, usage = [], []
    with _open_text(path) as handle:
        reader = csv.reader(handle)
        header = next(reader, None)
        if header is None or tuple(header[2:12]) != FERPLUS_COLUMNS:
            raise DataError(f"{path}: not a FER+ file, header {header}")
        for line, row in enumerate(reader, start=2):
            try:
                votes.append([int(value) for value in row[2:12]])
            except ValueError as error:
                raise DataError(f"{path}, line {line}: {error}") from error
            if len(votes[-1]) != len(FERPLUS_COLUMNS) or row[0] not in USAGES:
                raise DataError(f"{path}, line {line}: {row}")
            usage.append(row[0])
    if not votes:
        raise DataError(f"{path}: no rows")
    return Votes(np.array(votes), np.array(usage))


def paired(faces: Faces, votes: Votes, usage: str) -> tuple[Faces, Votes]:
    """The rows of one usage from both files, in the same order.

    Raises
    ------
    DataError
        When the two files hold different numbers of such rows, or there is none.
    """
    chosen, voted = faces.where(faces.usage == usage), votes.where(votes.usage == usage)
    if len(chosen.labels) == 0:
        raise DataError(f"no rows of usage {usage}")
    if len(chosen.labels) != len(voted.votes):
        raise DataError(
            f"{usage}: {len(chosen.labels)} rows in the FER2013 file but {len(voted.votes)} in "
            "the FER+ file; both must hold the same rows in the same order"
        )
    return chosen, voted


def pixel_copies(pixels: np.ndarray, of: np.ndarray) -> np.ndarray:
    """(n,) bool: which crops of `pixels` are exact pixel copies of a crop in `of`."""
    known = {hashlib.sha1(crop.tobytes(), usedforsecurity=False).digest() for crop in of}
    return np.array(
        [hashlib.sha1(crop.tobytes(), usedforsecurity=False).digest() in known for crop in pixels]
    )
