import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ml.faces import Detector, Face, align, find
from ml.faces.alignment import LEFT_EYE_IN_CROP, RIGHT_EYE_IN_CROP, crop_map, framing
from tests.ml.faces.conftest import turned

# Pupils of the astronaut in the picture, read off by eye: her right one first.
PUPILS = np.array([[203.4, 101.6], [246.0, 103.6]])


def plain_face(**changes: object) -> Face:
    face = Face((20, 10, 60, 60), 0.9, None, (), "haar")
    return replace(face, **changes)


def test_crop_is_48_square_grey(astronaut: np.ndarray, using: Detector) -> None:
    crop = align(astronaut, find(astronaut, using=using)[0])

    assert crop.shape == (48, 48)
    assert crop.dtype == np.uint8
    assert 60 < crop.mean() < 220


@pytest.mark.parametrize("degrees", [-25, -12, 0, 12, 25])
def test_eyes_of_a_turned_face_come_out_level_and_in_place(
    astronaut: np.ndarray, yunet: Detector, degrees: float
) -> None:
    # Given: the face turned in the picture, and its pupils with it
    image, turn = turned(astronaut, degrees)
    pupils = PUPILS @ turn[:, :2].T + turn[:, 2]

    # When: the pupils go where their pixels go
    to_crop = crop_map(find(image, using=yunet)[0])
    right, left = pupils @ to_crop[:, :2].T + to_crop[:, 2]

    # Then
    slope = math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))
    assert abs(slope) < 6
    assert np.abs(right - RIGHT_EYE_IN_CROP).max() < 2.5
    assert np.abs(left - LEFT_EYE_IN_CROP).max() < 2.5


@pytest.mark.parametrize("degrees", [-15, 0, 15])
def test_haar_eyes_level_a_turned_face(
    astronaut: np.ndarray, haar: Detector, degrees: float
) -> None:
    image, turn = turned(astronaut, degrees)
    pupils = PUPILS @ turn[:, :2].T + turn[:, 2]

    face = find(image, using=haar)[0]
    to_crop = crop_map(face)
    right, left = pupils @ to_crop[:, :2].T + to_crop[:, 2]

    assert face.eyes is not None
    assert abs(math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))) < 8
    assert np.abs(right - RIGHT_EYE_IN_CROP).max() < 4
    assert np.abs(left - LEFT_EYE_IN_CROP).max() < 4


def test_eyes_are_mapped_exactly_onto_the_framing() -> None:
    # Given: eyes 30 px apart, turned by a 3-4-5 triangle
    face = plain_face(eyes=((40.0, 50.0), (64.0, 68.0)))

    to_crop = crop_map(face)

    assert to_crop @ (40, 50, 1) == pytest.approx(RIGHT_EYE_IN_CROP)
    assert to_crop @ (64, 68, 1) == pytest.approx(LEFT_EYE_IN_CROP)


def test_framing_is_that_of_fer2013() -> None:
    # The medians measured on FER2013 training pictures.
    assert pytest.approx((14.5, 18.0), abs=0.1) == RIGHT_EYE_IN_CROP
    assert pytest.approx((32.5, 18.0), abs=0.1) == LEFT_EYE_IN_CROP


def test_turned_head_is_scaled_by_eyes_to_mouth() -> None:
    # Given: eyes 10 px apart but 40 px above the mouth: a head in half profile
    points = ((50.0, 40.0), (60.0, 40.0), (62.0, 60.0), (52.0, 80.0), (58.0, 80.0))
    face = plain_face(eyes=points[:2], landmarks=points)

    _, side, _ = framing(face)

    assert side == pytest.approx(0.85 * 40 / 0.377)


def test_box_without_eyes_is_framed_as_it_is() -> None:
    # Given: a picture that is white exactly inside the box
    image = np.zeros((100, 100, 3), np.uint8)
    image[10:70, 20:80] = 255

    # Then: only the outermost pixels, which lie half over the edge, are not fully white
    crop = align(image, plain_face())
    assert crop[1:-1, 1:-1].min() == 255
    assert crop.min() > 200
    assert align(image, plain_face(box=(10, 0, 80, 80)))[0].max() == 0


def test_crop_past_the_border_repeats_the_border() -> None:
    image = np.full((100, 100), 77, np.uint8)

    crop = align(image, plain_face(box=(-30, -30, 80, 80)))

    assert np.unique(crop).tolist() == [77]


@pytest.mark.parametrize(
    ("colour", "grey"), [((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29)]
)
def test_colours_are_weighted_in_rgb_order(colour: tuple[int, int, int], grey: int) -> None:
    # .299, .587 and .114 of 255: taking BGR for RGB would swap 76 and 29
    image = np.full((100, 100, 3), colour, np.uint8)

    assert np.unique(align(image, plain_face())).tolist() == [grey]


def test_large_face_is_averaged_not_sampled() -> None:
    # Given: a one-pixel chessboard under a large face
    image = np.zeros((480, 480), np.uint8)
    image[::2, ::2] = image[1::2, 1::2] = 255

    crop = align(image, plain_face(box=(0, 0, 480, 480)))

    # Then: even grey, where sampling would show stripes
    assert crop.std() < 2
    assert crop.mean() == pytest.approx(127.5, abs=2)


def test_crop_does_not_depend_on_the_size_of_the_photograph(
    astronaut: np.ndarray, yunet: Detector
) -> None:
    large = cv2.resize(astronaut, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)

    one = align(astronaut, find(astronaut, using=yunet)[0]).astype(float)
    two = align(large, find(large, using=yunet)[0]).astype(float)

    assert np.corrcoef(one.ravel(), two.ravel())[0, 1] > 0.97


def test_align_refuses_what_is_no_image() -> None:
    with pytest.raises(ValueError, match="uint8"):
        align(np.zeros((48, 48)), plain_face())
