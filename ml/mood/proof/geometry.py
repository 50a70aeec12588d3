"""Finding the songs of a mood by where they lie: prototypes, and a measure of nearness."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.mood.space import Space

#: Orders songs for moods: (features learnt from, their moods, features to order) to
#: (songs, moods) scores, moods in alphabetical order.
Finder = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def cosine_raw(known: np.ndarray, moods: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Cosine of values as they are, those of other units brought to 0..1 first."""
    low, high = known.min(axis=0), known.max(axis=0)
    outside = (low < 0) | (high > 1)
    shift = np.where(outside, low, 0)
    scale = np.where(outside, np.maximum(high - low, 1e-12), 1)
    return _by_cosine((known - shift) / scale, moods, (asked - shift) / scale)


def cosine_centred(known: np.ndarray, moods: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Cosine of values brought to 0..1 and centred on the mean of what was learnt from."""
    low, high = known.min(axis=0), known.max(axis=0)
    scale = np.maximum(high - low, 1e-12)
    mean = known.mean(axis=0)
    return _by_cosine((known - mean) / scale, moods, (asked - mean) / scale)


def cosine_space(known: np.ndarray, moods: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Cosine in the space that lists are made in, of songs whose moods nobody has judged."""
    names = tuple(str(column) for column in range(known.shape[1]))
    space = Space.fit(np.full((len(known), 2), np.nan), known, names)
    vectors = [space.vectors(np.full((len(part), 2), np.nan), part) for part in (known, asked)]
    return _by_cosine(vectors[0], moods, vectors[1])


def learnt_metric(known: np.ndarray, moods: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Nearness to the mood's mean in the directions that tell moods apart (shrunk Fisher
    discriminant; Ledoit and Wolf's shrinkage).
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    discriminant = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(known, moods)
    here, there = discriminant.transform(known), discriminant.transform(asked)
    means = _prototypes(here, moods)
    return -np.linalg.norm(there[:, None, :] - means[None, :, :], axis=2)


#: The plain ways, by the name of their row.
PLAIN: dict[str, Finder] = {
    "cosine, raw": cosine_raw,
    "cosine, centred": cosine_centred,
    "cosine, the lists' space": cosine_space,
    "learnt metric": learnt_metric,
}


def _prototypes(vectors: np.ndarray, moods: np.ndarray) -> np.ndarray:
    return np.stack([vectors[moods == mood].mean(axis=0) for mood in np.unique(moods)])


def _by_cosine(known: np.ndarray, moods: np.ndarray, asked: np.ndarray) -> np.ndarray:
    scores: np.ndarray = _units(asked) @ _units(_prototypes(known, moods)).T
    return scores


def _units(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
