import cv2
import numpy as np
import pytest
import skimage.data

from ml.faces import Detector, comparable, detector, find
from ml.faces.nonfaces import PHOTOGRAPHS, nonfaces
from tests.ml.faces.conftest import ASTRONAUT_FACE, iou, yunet_path


def test_astronaut_is_found_where_the_face_is(astronaut: np.ndarray, using: Detector) -> None:
    # When
    faces = find(astronaut, using=using)

    # Then: one face, at the place marked by hand, named after its detector
    assert len(faces) == 1
    assert iou(faces[0].box, ASTRONAUT_FACE) > 0.5
    assert faces[0].detector == using.name
    assert 0 < faces[0].confidence <= 1


def test_eyes_lie_in_the_upper_half_right_eye_first(astronaut: np.ndarray, using: Detector) -> None:
    face = find(astronaut, using=using)[0]

    assert face.eyes is not None
    (right_x, right_y), (left_x, left_y) = face.eyes
    x, y, width, height = face.box
    assert x < right_x < x + width / 2 < left_x < x + width
    assert y < min(right_y, left_y)
    assert max(right_y, left_y) < y + height / 2


def test_grey_image_gives_the_same_face(astronaut: np.ndarray, using: Detector) -> None:
    grey = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)

    faces = find(grey, using=using)

    assert iou(faces[0].box, find(astronaut, using=using)[0].box) > 0.8


def test_large_image_is_searched_small_and_answered_in_its_own_pixels(
    astronaut: np.ndarray, using: Detector
) -> None:
    # Given: three times the size, well above what is searched
    large = cv2.resize(astronaut, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)

    face = find(large, using=using)[0]

    x, y, width, height = (3 * value for value in ASTRONAUT_FACE)
    assert iou(face.box, (x, y, width, height)) > 0.5


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photograph_without_people_gives_no_face(name: str, using: Detector) -> None:
    assert find(getattr(skimage.data, name)(), using=using) == []


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_image_gives_no_face(level: int, using: Detector) -> None:
    assert find(np.full((240, 320, 3), level, np.uint8), using=using) == []


def test_noise_and_textures_give_no_face_with_yunet(yunet: Detector) -> None:
    pictures = list(nonfaces(crops=12, generated=8, seed=5))

    found = [name for name, image in pictures if find(image, using=yunet)]

    assert len(pictures) == 41
    assert found == []


def test_noise_gives_no_face_with_haar(haar: Detector) -> None:
    pictures = [item for item in nonfaces(crops=0, generated=4, seed=5) if "gen" in item[0]]

    assert [name for name, image in pictures if find(image, using=haar)] == []


@pytest.mark.parametrize("larger_first", [True, False])
def test_of_two_faces_the_larger_comes_first(
    astronaut: np.ndarray, using: Detector, larger_first: bool
) -> None:
    # Given: two people side by side, one three quarters as tall as the other
    person = astronaut[20:220, 124:324]
    small = np.full_like(person, 200)
    small[25:175, 25:175] = cv2.resize(person, (150, 150), interpolation=cv2.INTER_AREA)
    pair = [person, small] if larger_first else [small, person]
    picture = np.hstack(pair)

    # When
    faces = find(picture, using=using)

    # Then
    assert len(faces) == 2
    assert faces[0].area > faces[1].area
    assert (faces[0].centre[0] < 200) == larger_first
    assert comparable(faces) == 2


def test_of_two_like_faces_the_central_one_comes_first(
    astronaut: np.ndarray, using: Detector
) -> None:
    # Given: the same face in the middle and at the right end
    person = astronaut[0:300, 74:374]
    picture = np.hstack([np.full_like(person, 200), person, person])

    faces = find(picture, using=using)

    assert len(faces) == 2
    assert 300 < faces[0].centre[0] < 600


def test_passer_by_is_not_counted(astronaut: np.ndarray, yunet: Detector) -> None:
    # Given: a second face with a ninth of the area
    person = astronaut[0:300, 74:374]
    far = np.full_like(person, 200)
    far[100:200, 100:200] = cv2.resize(person, (100, 100), interpolation=cv2.INTER_AREA)

    faces = find(np.hstack([person, far]), using=yunet)

    assert len(faces) == 2
    assert comparable(faces) == 1


def test_no_faces_count_as_none() -> None:
    assert comparable([]) == 0


def test_face_in_poor_light_is_found_by_the_ladder(portrait: np.ndarray, yunet: Detector) -> None:
    # Given: 3 % light with shot and read noise, where the frame itself shows nothing
    random = np.random.default_rng(0)
    light = random.poisson(portrait * (0.03 * 4)) / 4 + random.normal(0, 1.2, portrait.shape)
    dark = np.clip(np.round(light), 0, 255).astype(np.uint8)

    # When
    faces = find(dark, using=yunet)

    # Then: at the same place as in full light
    assert yunet.detect(dark) == []
    assert iou(faces[0].box, find(portrait, using=yunet)[0].box) > 0.6


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ([[0]], "numpy array, got list"),
        (np.zeros((4, 4, 3), np.float32), "uint8 .* got float32"),
        (np.zeros((4, 4, 4), np.uint8), r"got shape \(4, 4, 4\)"),
        (np.zeros((4,), np.uint8), r"got shape \(4,\)"),
        (np.zeros((0, 4, 3), np.uint8), "at least one pixel"),
    ],
)
def test_anything_but_an_image_is_refused_with_its_reason(image: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find(image)


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (3, 200, 3), (200, 3), (1, 5000, 3)])
def test_odd_shapes_give_no_face_and_no_error(shape: tuple[int, ...], using: Detector) -> None:
    assert find(np.full(shape, 90, np.uint8), using=using) == []


def test_tiny_images_show_nothing_of_images_before(astronaut: np.ndarray, yunet: Detector) -> None:
    # Given: larger images in between, whose traces OpenCV's network can leave in memory
    found = []
    for height in range(60, 500, 12):
        find(astronaut[:height], using=yunet)
        found += find(np.full((1, 640), 90, np.uint8), using=yunet)

    assert found == []


def test_view_with_strides_is_read_like_its_copy(astronaut: np.ndarray, haar: Detector) -> None:
    mirrored = astronaut[:, ::-1]

    assert find(mirrored, using=haar) == find(mirrored.copy(), using=haar)


def test_detector_without_a_model_is_haar_and_made_once(tmp_path) -> None:
    # Given: no path, or a path where nothing lies
    first, second = detector(None), detector(tmp_path / "absent.onnx")

    # Then
    assert first is second
    assert first.name == "haar"


def test_detector_with_a_model_is_yunet_and_made_once() -> None:
    path = yunet_path()

    assert detector(path) is detector(path)
    assert detector(path).name == "yunet"


def test_model_that_appears_later_is_noticed(tmp_path) -> None:
    source, path = yunet_path(), tmp_path / "yunet.onnx"
    assert detector(path).name == "haar"

    path.write_bytes(source.read_bytes())

    assert detector(path).name == "yunet"
