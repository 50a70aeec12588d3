"""Coordinates, and the one preprocessing step."""

from itertools import pairwise

import numpy as np
import pytest

from ml.emotion.augment import augment
from ml.emotion.labels import COORDINATES, EMOTIONS, valence_arousal
from ml.emotion.preprocess import prepare


def test_valence_and_arousal_are_the_weighted_mean_of_the_coordinates():
    half = np.zeros(7)
    half[[EMOTIONS.index("fear"), EMOTIONS.index("surprise")]] = 0.5
    assert valence_arousal(half).tolist() == pytest.approx([(-0.64 + 0.40) / 2, (0.60 + 0.67) / 2])
    assert valence_arousal(np.eye(7)) == pytest.approx(COORDINATES)


def test_a_sadder_face_is_never_more_pleasant():
    neutral, sad = np.eye(7)[6], np.eye(7)[4]
    path = [valence_arousal((1 - w) * neutral + w * sad)[0] for w in np.linspace(0, 1, 11)]
    assert all(b < a for a, b in pairwise(path))


def test_prepare_ignores_exposure():
    rng = np.random.default_rng(1)
    crop = rng.integers(60, 120, (1, 48, 48)).astype(np.uint8)
    brighter = (crop.astype(int) * 2).astype(np.uint8)
    assert prepare(crop) == pytest.approx(prepare(brighter), abs=1e-4)
    assert prepare(crop).shape == (1, 48, 48, 1)
    assert prepare(crop).mean() == pytest.approx(0, abs=1e-5)
    assert prepare(crop).std() == pytest.approx(1, abs=1e-3)


def test_a_flat_crop_stays_flat_and_finite():
    values = prepare(np.full((1, 48, 48), 130, np.uint8))
    assert np.abs(values).max() == 0


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((48, 48), np.uint8), np.zeros((1, 48, 48)), np.zeros((1, 48, 48, 3), np.uint8)],
)
def test_prepare_refuses_other_shapes_and_types(wrong):
    with pytest.raises(ValueError, match="uint8"):
        prepare(wrong)


def test_augment_is_reproducible_varied_and_resizes():
    crops = np.random.default_rng(0).integers(0, 256, (4, 48, 48)).astype(np.uint8)
    first = augment(crops, 32, np.random.default_rng(5))
    again = augment(crops, 32, np.random.default_rng(5))
    other = augment(crops, 32, np.random.default_rng(6))
    assert first.shape == (4, 32, 32)
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != other).any()


def test_augment_keeps_the_face_in_place():
    crop = np.zeros((1, 48, 48), np.uint8)
    crop[0, 18:30, 18:30] = 255
    rng = np.random.default_rng(11)
    means = np.mean([augment(crop, 48, rng)[0] for _ in range(300)], axis=0)
    rows, columns = np.indices(means.shape)
    assert (rows * means).sum() / means.sum() == pytest.approx(23.5, abs=1.0)
    assert (columns * means).sum() / means.sum() == pytest.approx(23.5, abs=1.0)
