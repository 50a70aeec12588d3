"""What spoils a face on its way to the network, and what each of these costs.

Every degradation works on one aligned crop of any size; lengths are shares of the crop's side, so
that the same one means the same for 48 and for 64 pixel crops.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.emotion.data import SIDE

#: Most faces of one class that are degraded, for time; rarer classes are taken whole.
MOST_PER_CLASS = 250
SEED = 20261121
#: Pixels a side of a face that is small in its frame: a tenth of the height of 320x240, somebody
#: across a room. A listener before a laptop has more; below 40 the product refuses to read.
SMALL_FACE_PX = 24

Apply = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Degradation:
    """`name` is its JSON key; `words` say to people what happens to the crop."""

    name: str
    words: str
    apply: Apply


def _low_resolution(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    import cv2

    few = (SMALL_FACE_PX, SMALL_FACE_PX)
    small = cv2.resize(crop, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, crop.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _gamma(power: float) -> Apply:
    table = np.round(255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return lambda crop, rng: table[crop]


def _blur(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    import cv2

    return np.asarray(cv2.GaussianBlur(crop, (0, 0), 1.5 / 48 * crop.shape[0]))


def _noise(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.rint(crop + rng.normal(0, 20, crop.shape)), 0, 255).astype(np.uint8)


def _jpeg(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    import cv2

    _, stream = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 20])
    return np.asarray(cv2.imdecode(stream, cv2.IMREAD_GRAYSCALE))


def _placed(crop: np.ndarray, degrees: float, scale: float, shift: np.ndarray) -> np.ndarray:
    """The crop turned and scaled about its middle, then moved by `shift` shares of its side."""
    import cv2

    side = crop.shape[0]
    middle = (side - 1) / 2
    turn = cv2.getRotationMatrix2D((middle, middle), degrees, scale)
    turn[:, 2] += shift * side
    return np.asarray(
        cv2.warpAffine(
            crop, turn, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _rotation(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _placed(crop, 15.0 if rng.random() < 0.5 else -15.0, 1.0, np.zeros(2))


def _box_jitter(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _placed(crop, 0.0, rng.uniform(0.85, 1.18), rng.uniform(-0.1, 0.1, 2))


def _covered(top: float, bottom: float, left: float, right: float) -> Apply:
    def apply(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        out, side = crop.copy(), crop.shape[0]
        rows = slice(round(top * side), round(bottom * side))
        out[rows, round(left * side) : round(right * side)] = round(float(crop.mean()))
        return out

    return apply


# Eyes lie .39 of the side down and the mouth .76 (`ml.faces.alignment`).
DEGRADATIONS = (
    Degradation(
        "320x240",
        f"a face of {SMALL_FACE_PX} pixels, a tenth of the height of a 320x240 frame",
        _low_resolution,
    ),
    Degradation("gamma_0.3", "gamma .3: washed out, almost white", _gamma(0.3)),
    Degradation("gamma_3", "gamma 3: dark, almost black", _gamma(3.0)),
    Degradation("blur", "Gaussian blur, sigma 1.5 of 48 pixels", _blur),
    Degradation("noise", "noise, standard deviation 20 of 255 grey levels", _noise),
    Degradation("jpeg_20", "JPEG of quality 20, of the crop itself", _jpeg),
    Degradation("rotation_15", "turned by 15 degrees, left or right", _rotation),
    Degradation(
        "box_jitter", "box moved by up to 10 % of its side and scaled by .85 to 1.18", _box_jitter
    ),
    Degradation("mouth_covered", "mouth covered by plain grey", _covered(0.6, 0.95, 0.15, 0.85)),
    Degradation("eyes_covered", "eyes covered by plain grey", _covered(0.26, 0.5, 0.05, 0.95)),
)


def spoil(degradation: Degradation, crops: np.ndarray) -> np.ndarray:
    """Degraded copies of `crops` (n, h, h) uint8, the same ones on every call."""
    rng = np.random.default_rng(SEED)
    return np.stack([degradation.apply(crop, rng) for crop in crops])


def fit_to_network(crops: np.ndarray) -> np.ndarray:
    """(n, 48, 48) uint8: square crops of another size, averaged down or drawn larger."""
    import cv2

    if crops.shape[1:] == (SIDE, SIDE):
        return crops
    way = cv2.INTER_AREA if crops.shape[1] > SIDE else cv2.INTER_LINEAR
    return np.stack([cv2.resize(crop, (SIDE, SIDE), interpolation=way) for crop in crops])


def stratified(labels: np.ndarray, most: int = MOST_PER_CLASS) -> np.ndarray:
    """Sorted indices of at most `most` rows of each label, drawn with a fixed seed."""
    rng = np.random.default_rng(SEED)
    chosen = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        chosen.append(rng.permutation(rows)[:most])
    return np.sort(np.concatenate(chosen))


def costs(
    predict: Callable[[np.ndarray], np.ndarray], crops: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """Accuracy and macro recall of degraded crops, against the same crops as they are.

    A sample of at most MOST_PER_CLASS faces of each class is used. Its rows are weighted so that
    accuracy means what it means for all faces; macro recall is the plain mean over the classes
    that have a face.

    Parameters
    ----------
    predict : from (n, 48, 48) uint8 crops to (n,) label ids.
    crops : (n, h, h) uint8.
    labels : (n,) label ids.

    Returns
    -------
    `degradations`: name to `accuracy`, `macro_recall`, `cost` (points of accuracy lost, 0..100),
    `cost_se` (its standard error: the same faces are compared) and `macro_cost` (points of macro
    recall lost). `degradations_clean`: `accuracy`, `macro_recall` and `n` of the sample.
    """
    rows = stratified(labels)
    chosen, truth = crops[rows], labels[rows]
    classes, sizes = np.unique(labels, return_counts=True)
    shares = sizes / len(labels)

    def right(images: np.ndarray) -> np.ndarray:
        return np.asarray(predict(fit_to_network(images)) == truth, dtype=float)

    def by_class(values: np.ndarray) -> np.ndarray:
        return np.array([values[truth == label].mean() for label in classes])

    clean = right(chosen)
    accuracy, recall = float(shares @ by_class(clean)), float(by_class(clean).mean())
    found = {}
    for degradation in DEGRADATIONS:
        spoilt = right(spoil(degradation, chosen))
        lost = clean - spoilt
        variance = np.array(
            [lost[truth == label].var() / (truth == label).sum() for label in classes]
        )
        found[degradation.name] = {
            "accuracy": float(shares @ by_class(spoilt)),
            "macro_recall": float(by_class(spoilt).mean()),
            "cost": float(100 * shares @ by_class(lost)),
            "cost_se": float(100 * np.sqrt(shares**2 @ variance)),
            "macro_cost": float(100 * by_class(lost).mean()),
        }
    return {
        "degradations": found,
        "degradations_clean": {"accuracy": accuracy, "macro_recall": recall, "n": len(rows)},
    }
