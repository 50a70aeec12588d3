"""Whether eyes or mouth are covered: a hand, a mask, a scarf, dark glasses.

A covered face is still found, and the expression network still answers, from what little is left.
A perceptron with one hidden layer looks at the aligned crop: at histograms of oriented gradients
(N. Dalal, B. Triggs, CVPR 2005) and at the light and contrast of each 6x6 px cell. It is fitted
on FER2013 crops under painted covers (`python -m ml.emotion fit-covering`). Straight from the same
description, a logistic regression catches half as many covered mouths.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ml.artifacts import ArtifactError, write_atomically
from ml.faces.alignment import CROP_PX

PLACES = ("eyes", "mouth")
MODEL = Path(__file__).with_name("covering.npz")
_CELL_PX = 6
_BLOCK_CELLS = 2
_DIRECTIONS = 9
#: Contrast is measured on a logarithm, so that a flat cell is far from a lively one; grey levels
#: under this, of a crop brought to a standard deviation of 1, are noise.
_LEAST_CONTRAST = 0.02


@dataclass(frozen=True)
class Covering:
    """Probabilities 0..1, as if one face in four had each place covered."""

    eyes: float
    mouth: float


@dataclass(frozen=True)
class CoveringModel:
    """A perceptron, and where it counts a place as covered.

    Attributes
    ----------
    hidden_weights, hidden_bias : (h, n_features) and (h,), followed by a rectifier.
    weights, bias : (2, h) and (2,), in the order of PLACES.
    limits : (2,) probabilities from which a place counts as covered.
    """

    hidden_weights: np.ndarray
    hidden_bias: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    limits: np.ndarray

    def probabilities(self, described: np.ndarray) -> np.ndarray:
        """(n, 2) probabilities in the order of PLACES, from `features`."""
        hidden = np.maximum(described @ self.hidden_weights.T + self.hidden_bias, 0)
        logits = hidden @ self.weights.T + self.bias
        return np.asarray(1 / (1 + np.exp(-logits.clip(-50, 50))))


def covering_of(crop: np.ndarray) -> Covering:
    """How probably each place of a (48, 48) uint8 aligned crop is covered.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the model file is missing or damaged.
    """
    eyes, mouth = model().probabilities(features(crop[None]))[0]
    return Covering(float(eyes), float(mouth))


def covered(covering: Covering) -> bool:
    """Whether eyes or mouth count as covered."""
    eyes, mouth = model().limits
    return bool(covering.eyes >= eyes or covering.mouth >= mouth)


def features(crops: np.ndarray) -> np.ndarray:
    """(n, 1892) float32 description of (n, 48, 48) uint8 crops; light and contrast of the whole
    crop change nothing.
    """
    import cv2

    if crops.shape[1:] != (CROP_PX, CROP_PX) or crops.dtype != np.uint8:
        raise ValueError(f"crops must be uint8 (n, 48, 48), got {crops.dtype} {crops.shape}")
    cell, block = (_CELL_PX, _CELL_PX), (_CELL_PX * _BLOCK_CELLS, _CELL_PX * _BLOCK_CELLS)
    gradients = cv2.HOGDescriptor((CROP_PX, CROP_PX), block, cell, cell, _DIRECTIONS)
    along = CROP_PX // _CELL_PX
    described = []
    for crop in crops:
        light = crop.astype(np.float32)
        light = (light - light.mean()) / max(float(light.std()), 1.0)
        cells = light.reshape(along, _CELL_PX, along, _CELL_PX).swapaxes(1, 2)
        cells = cells.reshape(along * along, _CELL_PX * _CELL_PX)
        contrast = np.log(cells.std(axis=1) + _LEAST_CONTRAST)
        directions = np.asarray(gradients.compute(crop)).ravel()
        described.append(np.concatenate([directions, cells.mean(axis=1), contrast]))
    return np.stack(described).astype(np.float32)


@cache
def model() -> CoveringModel:
    """The committed model, read once."""
    try:
        with np.load(MODEL, allow_pickle=False) as file:
            return CoveringModel(
                **{name.name: file[name.name].astype(np.float32) for name in fields(CoveringModel)}
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise ArtifactError(
            f"{MODEL} cannot be read: {error}. It belongs to the installation: restore it from "
            "the release, or fit it again (python -m ml.emotion fit-covering)."
        ) from error


def write_model(fitted: CoveringModel, path: Path = MODEL) -> None:
    """Write a model in half precision, atomically."""
    arrays = {name.name: getattr(fitted, name.name) for name in fields(CoveringModel)}
    half = {name: array.astype(np.float16) for name, array in arrays.items()}
    write_atomically(path, lambda stream: np.savez_compressed(stream, **half))
