"""Hand-made descriptions of a face crop, as used before convolutional networks."""

from __future__ import annotations

import numpy as np

from ml.emotion.preprocess import prepare

#: Cells a side of the grid whose histograms are kept apart.
LBP_CELLS = 6
#: The eight neighbours, clockwise from the top left: row and column.
_NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


def pixels(crops: np.ndarray) -> np.ndarray:
    """(n, h * w) float32: the crops as the network sees them, each with mean 0 and spread 1.

    Their principal components are the eigenfaces (Turk and Pentland, Journal of Cognitive
    Neuroscience 3, 1991).
    """
    return prepare(crops).reshape(len(crops), -1)


def lbp_histograms(crops: np.ndarray) -> np.ndarray:
    """Uniform local binary patterns, counted cell by cell.

    Each pixel is a byte that says which of its eight neighbours are at least as bright; bytes with
    at most two changes around the circle count by themselves, all others together (Ojala et al.,
    PAMI 2002; for expressions Shan et al., Image and Vision Computing 27, 2009).

    Parameters
    ----------
    crops : (n, h, w) uint8.

    Returns
    -------
    (n, LBP_CELLS**2 * 59) float32: square roots of each cell's shares, so that a scalar product
    compares them as the Hellinger distance does.
    """
    codes = _uniform_bins()[_bytes(crops)]
    n, height, width = codes.shape
    rows = np.arange(height) * LBP_CELLS // height
    columns = np.arange(width) * LBP_CELLS // width
    cell = rows[:, None] * LBP_CELLS + columns[None, :]
    bins = int(_uniform_bins().max()) + 1
    size = LBP_CELLS**2 * bins
    out = np.empty((n, size), np.float32)
    for index, code in enumerate(codes):
        counts = np.bincount((cell * bins + code).ravel(), minlength=size).astype(np.float32)
        counts = counts.reshape(-1, bins)
        out[index] = np.sqrt(counts / counts.sum(axis=1, keepdims=True)).ravel()
    return out


def _bytes(crops: np.ndarray) -> np.ndarray:
    """(n, h, w) uint8; beyond the border the border itself is repeated."""
    padded = np.pad(crops, ((0, 0), (1, 1), (1, 1)), mode="edge")
    height, width = crops.shape[1:]
    code = np.zeros(crops.shape, np.uint8)
    for bit, (down, right) in enumerate(_NEIGHBOURS):
        neighbour = padded[:, 1 + down : 1 + down + height, 1 + right : 1 + right + width]
        code |= (neighbour >= crops).astype(np.uint8) << bit
    return code


def _uniform_bins() -> np.ndarray:
    """(256,) bin of each byte: 58 uniform ones in their order, then one for the rest."""
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    changes = (bits != np.roll(bits, 1, axis=1)).sum(axis=1)
    return np.where(changes <= 2, np.cumsum(changes <= 2) - 1, (changes <= 2).sum())
