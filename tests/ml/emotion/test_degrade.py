"""Each degradation does what its words say, and its cost is counted as promised."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.emotion.degrade import (
    DEGRADATIONS,
    MOST_PER_CLASS,
    Degradation,
    costs,
    fit_to_network,
    spoil,
    stratified,
)

NAMED = {degradation.name: degradation for degradation in DEGRADATIONS}


def textured(side: int, n: int = 3) -> np.ndarray:
    noise = np.random.default_rng(1).integers(30, 220, (n, side, side)).astype(np.uint8)
    return np.stack([cv2.GaussianBlur(crop, (0, 0), side / 24) for crop in noise])


@pytest.mark.parametrize("degradation", DEGRADATIONS, ids=NAMED)
@pytest.mark.parametrize("side", [48, 64])
def test_crops_change_the_same_way_on_every_call(degradation: Degradation, side: int) -> None:
    crops = textured(side)
    kept = crops.copy()

    first, again = spoil(degradation, crops), spoil(degradation, crops)

    assert first.shape == crops.shape
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != crops).any()
    assert (crops == kept).all()


def test_a_small_face_has_no_fine_detail_left() -> None:
    checked = (np.indices((48, 48)).sum(axis=0) % 2 * 255).astype(np.uint8)[None]
    assert checked.std() > 120
    assert spoil(NAMED["320x240"], checked).std() < 1


@pytest.mark.parametrize(("name", "power"), [("gamma_0.3", 0.3), ("gamma_3", 3.0)])
def test_gamma_is_a_power_of_brightness(name: str, power: float) -> None:
    crop = np.full((1, 48, 48), 100, np.uint8)
    assert spoil(NAMED[name], crop)[0, 5, 5] == round(255 * (100 / 255) ** power)


def test_noise_has_the_promised_spread() -> None:
    grey = np.full((4, 48, 48), 128, np.uint8)
    assert spoil(NAMED["noise"], grey).std() == pytest.approx(20, rel=0.05)


def slope_degrees(crop: np.ndarray) -> float:
    """Direction of a bright bar, from its second moments."""
    y, x = np.nonzero(crop > 128)
    (xx, xy), (_, yy) = np.cov(x, y)
    return float(np.degrees(np.arctan2(2 * xy, xx - yy) / 2))


def test_faces_are_turned_by_fifteen_degrees_either_way() -> None:
    bar = np.zeros((40, 48, 48), np.uint8)
    bar[:, 21:27, 8:40] = 255
    slopes = [slope_degrees(crop) for crop in spoil(NAMED["rotation_15"], bar)]
    assert np.abs(slopes) == pytest.approx(np.full(40, 15.0), abs=0.7)
    assert 8 < sum(slope > 0 for slope in slopes) < 32


def test_the_box_moves_by_a_tenth_of_its_side_at_most() -> None:
    spot = np.zeros((200, 48, 48), np.uint8)
    spot[:, 22:26, 22:26] = 255
    moved = spoil(NAMED["box_jitter"], spot).astype(float)
    rows, columns = np.indices((48, 48))
    down = (moved * rows).sum(axis=(1, 2)) / moved.sum(axis=(1, 2)) - 23.5
    right = (moved * columns).sum(axis=(1, 2)) / moved.sum(axis=(1, 2)) - 23.5
    for shift in (down, right):
        assert np.abs(shift).max() <= 4.9
        assert shift.max() > 4
        assert shift.min() < -4


@pytest.mark.parametrize(
    ("name", "hidden_row", "seen_row"), [("mouth_covered", 37, 18), ("eyes_covered", 18, 37)]
)
def test_a_cover_hides_one_part_and_leaves_the_other(
    name: str, hidden_row: int, seen_row: int
) -> None:
    crops = textured(48)
    covered = spoil(NAMED[name], crops)
    assert covered[0, hidden_row, 10:38].std() == 0
    assert (covered[0, seen_row] == crops[0, seen_row]).all()


def test_other_sizes_are_brought_to_the_networks() -> None:
    assert fit_to_network(textured(64)).shape == (3, 48, 48)
    assert fit_to_network(np.full((2, 96, 96), 77, np.uint8)).tolist() == [[[77] * 48] * 48] * 2
    crops = textured(48)
    assert fit_to_network(crops) is crops


def test_rare_classes_are_taken_whole_and_common_ones_in_part() -> None:
    labels = np.repeat([3, 6, 2], [400, 900, 11])
    rows = stratified(labels, most=100)
    assert np.bincount(labels[rows]).tolist() == [0, 0, 11, 100, 0, 0, 100]
    assert (rows == np.unique(rows)).all()
    assert (rows == stratified(labels, most=100)).all()


def test_costs_are_weighted_to_the_whole_set() -> None:
    # Given 400 dim neutral and 100 bright happy faces, told apart by brightness alone
    labels = np.repeat([6, 3], [400, 100])
    crops = np.where(labels[:, None, None] == 3, 200, 100) * np.ones((1, 48, 48))

    def predict(images: np.ndarray) -> np.ndarray:
        return np.where(images.mean(axis=(1, 2)) > 150, 3, 6)

    # When they are degraded
    found = costs(predict, crops.astype(np.uint8), labels)

    # Then brightening costs the neutral faces, darkening the happy ones, by their shares
    assert found["degradations_clean"] == {
        "accuracy": 1.0,
        "macro_recall": 1.0,
        "n": MOST_PER_CLASS + 100,
    }
    assert list(found["degradations"]) == list(NAMED)
    bright, dark = (found["degradations"][name] for name in ("gamma_0.3", "gamma_3"))
    assert bright == pytest.approx(
        {"accuracy": 0.2, "macro_recall": 0.5, "cost": 80, "cost_se": 0, "macro_cost": 50}
    )
    assert dark["accuracy"] == pytest.approx(0.8)
    assert dark["cost"] == pytest.approx(20)
    assert found["degradations"]["blur"]["cost"] == 0


def test_the_standard_error_is_that_of_paired_faces() -> None:
    # Given one class whose dimmer half is lost when it gets darker
    crops = np.repeat([[200], [130]], 50, axis=0)[:, :, None] * np.ones((1, 48, 48))
    labels = np.full(100, 3)

    found = costs(
        lambda images: np.where(images.mean(axis=(1, 2)) > 100, 3, 6),
        crops.astype(np.uint8),
        labels,
    )["degradations"]["gamma_3"]

    assert found["cost"] == pytest.approx(50)
    assert found["cost_se"] == pytest.approx(100 * np.sqrt(0.25 / 100))
