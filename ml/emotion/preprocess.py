"""The one step from an aligned crop to the network's input: training, evaluation and serving."""

from __future__ import annotations

import numpy as np

#: Grey levels: keeps an almost constant crop from being blown up into noise.
_LEAST_SPREAD = 8.0


def prepare(crops: np.ndarray) -> np.ndarray:
    """Standardise each crop by its own mean and spread, so that exposure says nothing.

    Parameters
    ----------
    crops : (n, h, w) uint8 grey, 0..255.

    Returns
    -------
    (n, h, w, 1) float32, each crop with mean 0 and standard deviation 1 (less for flat crops).

    Raises
    ------
    ValueError
        When the shape or the type is another.
    """
    if crops.ndim != 3 or crops.dtype != np.uint8:
        raise ValueError(f"crops must be (n, h, w) uint8, got {crops.shape} {crops.dtype}")
    values = crops.astype(np.float32)
    values -= values.mean(axis=(1, 2), keepdims=True)
    values /= np.maximum(values.std(axis=(1, 2), keepdims=True), _LEAST_SPREAD)
    return values[..., None]
