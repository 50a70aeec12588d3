import math

import cv2
import numpy as np
import pytest

from ml.faces import Covering, Detector, Face, Quality, align, find, judge, locate, locate_in_mean
from ml.faces.quality import LEAST_WEIGHT, MIN_BRIGHTNESS, MIN_FACE_SIDE_PX, MIN_SHARPNESS


def test_good_face_is_located_with_its_crop(astronaut: np.ndarray, using: Detector) -> None:
    located = locate(astronaut, using=using)

    assert located.reason is None
    assert located.n_faces == 1
    assert located.face == find(astronaut, using=using)[0]
    assert located.quality is not None
    assert located.quality.side > MIN_FACE_SIDE_PX
    assert located.quality.brightness > MIN_BRIGHTNESS
    assert located.quality.sharpness > MIN_SHARPNESS
    assert np.array_equal(located.crop, align(astronaut, located.face))


def test_blurred_face_is_refused_as_blurred(portrait: np.ndarray, using: Detector) -> None:
    # Given: the face judged where it is, since a detector may lose a blurred one
    blurred = cv2.GaussianBlur(portrait, (0, 0), 8)
    face = find(portrait, using=using)[0]

    assert judge(portrait, face).reason is None
    assert judge(blurred, face).reason == "blurred"


def test_blurred_picture_is_located_as_blurred(portrait: np.ndarray, yunet: Detector) -> None:
    located = locate(cv2.GaussianBlur(portrait, (0, 0), 8), using=yunet)

    assert located.reason == "blurred"
    assert located.crop is None
    assert located.face is not None


@pytest.mark.parametrize("light", [0.015, 0.0])
def test_dark_picture_is_refused_as_too_dark(
    portrait: np.ndarray, using: Detector, light: float
) -> None:
    located = locate((portrait * light).astype(np.uint8), using=using)

    assert located.reason == "too_dark"
    assert located.crop is None


def test_small_face_is_refused_as_too_small(astronaut: np.ndarray, yunet: Detector) -> None:
    # Given: a face of about 20 px in a 640x480 picture
    picture = np.full((480, 640, 3), 180, np.uint8)
    picture[200:285, 280:365] = cv2.resize(
        astronaut[0:425, 24:449], (85, 85), interpolation=cv2.INTER_AREA
    )

    located = locate(picture, using=yunet)

    assert located.reason == "too_small"
    assert located.quality is not None
    assert 10 < located.quality.side < 35


def test_side_is_judged_before_light_and_sharpness() -> None:
    face = Face((0, 0, 20, 20), 0.9, None, (), "haar")

    assert judge(np.zeros((50, 50), np.uint8), face).reason == "too_small"


def test_wall_is_no_face(using: Detector) -> None:
    located = locate(np.full((240, 320, 3), 150, np.uint8), using=using)

    assert located.reason == "no_face"
    assert located.face is None
    assert located.quality is None
    assert located.n_faces == 0


def test_two_people_are_counted_and_the_first_is_read(
    astronaut: np.ndarray, using: Detector
) -> None:
    person = astronaut[0:300, 74:374]

    located = locate(np.hstack([person, person]), using=using)

    assert located.n_faces == 2
    assert located.reason is None
    assert located.crop is not None


def test_sharpness_does_not_depend_on_light(portrait: np.ndarray, haar: Detector) -> None:
    face = find(portrait, using=haar)[0]

    full, half = judge(portrait, face), judge((portrait * 0.5).astype(np.uint8), face)

    assert half.sharpness == pytest.approx(full.sharpness, rel=0.1)
    assert half.brightness == pytest.approx(full.brightness / 2, rel=0.05)
    assert half.contrast == pytest.approx(full.contrast / 2, rel=0.05)


@pytest.mark.parametrize(
    ("side", "brightness", "sharpness", "weight"),
    [
        (96, 45, 0.38, 1.0),
        (400, 200, 2.0, 1.0),
        (48, 120, 0.5, 0.5),
        (200, 30, 0.5, 2 / 3),
        (200, 120, 0.19, 0.5),
        (48, 120, 0.19, 0.25),
        (40, 20, 0.06, LEAST_WEIGHT),
    ],
    ids=["good", "better counts no more", "small", "dim", "soft", "small and soft", "hardly"],
)
def test_a_frame_counts_by_size_light_and_sharpness(
    side: float, brightness: float, sharpness: float, weight: float
) -> None:
    open_face = Covering(0.0, 0.0)
    assert Quality(side, brightness, 50, sharpness, open_face, None).weight == pytest.approx(weight)


def test_noise_of_several_frames_cancels_and_less_light_will_do(
    portrait: np.ndarray, using: Detector
) -> None:
    # Given frames at 8 % light: the face is seen, and each is too dark to be read
    random = np.random.default_rng(1)
    frames = [
        np.clip(np.round(portrait * 0.08 + random.normal(0, 1.5, portrait.shape)), 0, 255)
        .astype(np.uint8)
        for _ in range(8)
    ]  # fmt: skip
    assert {locate(frame, using=using).reason for frame in frames} == {"too_dark"}

    located = locate_in_mean(frames, using=using)

    # Then the face is in its place, and its crop shows what full light shows there
    assert located.face is not None
    assert located.crop is not None
    clear = find(portrait, using=using)[0]
    apart = math.dist(located.face.centre, clear.centre)
    assert apart < 0.15 * math.sqrt(clear.area)
    wanted = align(portrait, located.face)
    assert np.corrcoef(located.crop.ravel(), wanted.ravel())[0, 1] > 0.98


def test_images_of_other_shapes_have_no_mean(portrait: np.ndarray, haar: Detector) -> None:
    for images in ([], [portrait, portrait[:-1]]):
        with pytest.raises(ValueError, match="one shape"):
            locate_in_mean(images, using=haar)
