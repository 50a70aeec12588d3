"""Fitting the model of covered faces, on ordinary crops under painted covers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.faces import covers
from ml.faces.alignment import CROP_PX
from ml.faces.covering import PLACES, CoveringModel, features

#: From shares of the crop to its pixels, counted from the centre of the first.
TO_CROP = np.array([[CROP_PX, 0.0, -0.5], [0.0, CROP_PX, -0.5]])
#: Share of ordinary faces, of those the limits are chosen on, that each place may refuse.
FALSE_REFUSALS = 0.005
COVERED_SHARE = 0.25  # of the crops, for each place
BESIDE_SHARE = 0.3
COPIES = 2  # of each crop, painted anew
HIDDEN = 32
EPOCHS = 20
SEED = 20261121


@dataclass(frozen=True)
class Painted:
    """`crops` (n, 48, 48) uint8 and what is covered in them, (n, 2) bool as PLACES."""

    crops: np.ndarray
    covered: np.ndarray


def painted(crops: np.ndarray, random: np.random.Generator) -> Painted:
    """Crops framed a little differently, with covers on some, and things beside on others."""
    place = random.random(len(crops))
    covered = np.column_stack([place < COVERED_SHARE, 1 - place < COVERED_SHARE])
    out = np.empty_like(crops)
    for number, (crop, (eyes, mouth)) in enumerate(zip(crops, covered, strict=True)):
        image = crop
        if random.random() < BESIDE_SHARE:
            image = covers.paint(image, TO_CROP, *covers.beside(random), random)
        if eyes:
            image = covers.paint(image, TO_CROP, *covers.over_eyes(random), random)
        if mouth:
            image = covers.paint(image, TO_CROP, *covers.over_mouth(random), random)
        out[number] = _taken(image, random)
    return Painted(out, covered)


def fit(
    learned: np.ndarray, limited: np.ndarray, say: Callable[[str], object] = lambda line: None
) -> tuple[CoveringModel, dict[str, Any]]:
    """Fit the model and choose its limits.

    Parameters
    ----------
    learned : (n, 48, 48) uint8, ordinary crops to paint and learn from.
    limited : (m, 48, 48) uint8, others on which the limits are chosen: untouched, for false
        refusals, and painted, for what is caught.

    Returns
    -------
    The model, and figures: for each place `caught` (share of painted covers found), for both
    together `false_refusals` (share of untouched crops).
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    random = np.random.default_rng(SEED)
    described, covered = [], []
    for copy in range(COPIES):
        given = painted(learned, random)
        described.append(features(given.crops))
        covered.append(given.covered)
        say(f"painted {copy + 1} of {COPIES}")
    scaler = StandardScaler()
    perceptron = MLPClassifier(
        (HIDDEN,), alpha=0.01, batch_size=256, learning_rate_init=5e-4, max_iter=EPOCHS,
        random_state=SEED,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are what is wanted
        perceptron.fit(scaler.fit_transform(np.concatenate(described)), np.concatenate(covered))
    say(f"fitted, loss {perceptron.loss_:.4f}")
    first, second = perceptron.coefs_
    hidden = (first / scaler.scale_[:, None]).T
    unlimited = CoveringModel(
        hidden_weights=hidden,
        hidden_bias=perceptron.intercepts_[0] - hidden @ scaler.mean_,
        weights=second.T,
        bias=perceptron.intercepts_[1],
        limits=np.ones(2),
    )
    untouched = unlimited.probabilities(features(limited))
    limits = np.quantile(untouched, 1 - FALSE_REFUSALS, axis=0)
    tested = painted(limited, random)
    found = unlimited.probabilities(features(tested.crops)) >= limits
    figures = {
        "false_refusals": float((untouched >= limits).any(axis=1).mean()),
        "limits": dict(zip(PLACES, limits.tolist(), strict=True)),
        "caught": {
            place: float(found[tested.covered[:, column], column].mean())
            for column, place in enumerate(PLACES)
        },
    }
    return replace(unlimited, limits=limits), figures


def _taken(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """As another detector, lens and light would have taken it. Under a cover a detector guesses
    where eyes or mouth are, up to a tenth of the crop wrong, so the framing varies as much.
    """
    import cv2

    angle, scale = random.normal(0, 0.13), np.exp(random.normal(0, 0.09))
    mirror = random.choice([-1.0, 1.0])
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos * mirror, -sin], [sin * mirror, cos]])
    middle = np.full(2, (CROP_PX - 1) / 2)
    shift = middle + random.normal(0, 0.05, 2) * CROP_PX - linear @ middle
    turned = cv2.warpAffine(
        image,
        np.column_stack([linear, shift]),
        (CROP_PX, CROP_PX),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if random.random() < 0.3:
        turned = cv2.GaussianBlur(turned, (0, 0), float(random.uniform(0.3, 1.2)))
    if random.random() < 0.5:
        table = 255 * (np.arange(256) / 255) ** np.exp(random.uniform(-1, 1))
        turned = np.rint(table).astype(np.uint8)[turned]
    noisy = turned + random.normal(0, random.uniform(0, 6), turned.shape)
    return np.rint(noisy).clip(0, 255).astype(np.uint8)
