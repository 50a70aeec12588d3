"""Covered faces: refused where eyes or mouth are hidden, read where they are not."""

from pathlib import Path

import numpy as np
import pytest

from ml.artifacts import ArtifactError
from ml.faces import Detector, align, covering, covers, find, judge, locate
from ml.faces.alignment import shares_of
from ml.faces.covering import PLACES, CoveringModel, covered, covering_of, features
from ml.faces.covering_fit import TO_CROP, fit, painted
from ml.faces.evaluation import evaluate
from tests.ml.faces.conftest import photo_folder

EYES, MOUTH = range(len(PLACES))


@pytest.fixture(scope="module")
def crop(portrait: np.ndarray, using: Detector) -> np.ndarray:
    return align(portrait, find(portrait, using=using)[0])


def many(crop: np.ndarray, choose, count: int = 60) -> list[np.ndarray]:
    random = np.random.default_rng(4)
    return [covers.paint(crop, TO_CROP, *choose(random), random) for _ in range(count)]


def test_an_open_face_is_not_covered(crop: np.ndarray) -> None:
    found = covering_of(crop)

    assert found.eyes < 0.1
    assert found.mouth < 0.1
    assert not covered(found)


@pytest.mark.parametrize(
    ("choose", "place", "other"),
    [(covers.over_eyes, "eyes", "mouth"), (covers.over_mouth, "mouth", "eyes")],
)
def test_what_lies_over_a_place_covers_that_place(
    crop: np.ndarray, choose, place: str, other: str
) -> None:
    found = [covering_of(image) for image in many(crop, choose)]

    assert np.mean([covered(one) for one in found]) >= 0.8
    assert np.median([getattr(one, place) for one in found]) > 0.9
    assert np.median([getattr(one, other) for one in found]) < 0.1


def test_hair_collars_moustaches_and_thin_frames_cover_nothing(crop: np.ndarray) -> None:
    assert np.mean([covered(covering_of(image)) for image in many(crop, covers.beside)]) <= 0.05


@pytest.mark.parametrize("change", ["half the light", "twice the contrast", "mirrored"])
def test_light_and_side_do_not_matter(crop: np.ndarray, change: str) -> None:
    random = np.random.default_rng(1)
    masked = covers.paint(crop, TO_CROP, [covers.mask(random)], covers.plain, random)
    changed = {
        "half the light": lambda image: image // 2,
        "twice the contrast": lambda image: np.clip(image * 2.0 - 110, 0, 255).astype(np.uint8),
        "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    }[change]

    assert not covered(covering_of(changed(crop)))
    assert covered(covering_of(changed(masked)))


def test_a_mask_in_a_photograph_is_refused_as_covered(
    portrait: np.ndarray, using: Detector
) -> None:
    # Given: the face judged where it is, since a detector may lose a covered one
    face = find(portrait, using=using)[0]
    random = np.random.default_rng(2)
    masked = covers.paint(portrait, shares_of(face), [covers.mask(random)], covers.plain, random)

    assert judge(portrait, face).reason is None
    assert judge(masked, face).reason == "covered"


def test_a_masked_face_has_no_crop_to_read(portrait: np.ndarray, yunet: Detector) -> None:
    face = find(portrait, using=yunet)[0]
    random = np.random.default_rng(2)
    masked = covers.paint(portrait, shares_of(face), [covers.mask(random)], covers.plain, random)

    located = locate(masked, using=yunet)

    assert located.reason == "covered"
    assert located.crop is None
    assert located.face is not None


def test_a_cover_lands_on_the_same_place_of_photograph_and_crop(
    portrait: np.ndarray, using: Detector
) -> None:
    # Given: a white square over the mouth, painted on the photograph, then aligned; and on the crop
    face = find(portrait, using=using)[0]
    square = [np.array([(0.4, 0.7), (0.6, 0.7), (0.6, 0.85), (0.4, 0.85)])]

    def white(image, to_image, random):
        return np.full(image.shape, 255.0, np.float32)

    random = np.random.default_rng(0)
    there = align(covers.paint(portrait, shares_of(face), square, white, random), face)
    random = np.random.default_rng(0)
    here = covers.paint(align(portrait, face), TO_CROP, square, white, random)

    assert np.abs(there.astype(int) - here).mean() < 2
    assert here[35:40, 21:27].min() > 200


def test_features_refuse_other_sizes_and_types() -> None:
    with pytest.raises(ValueError, match=r"\(n, 48, 48\)"):
        features(np.zeros((1, 32, 32), np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        features(np.zeros((1, 48, 48), np.float32))


@pytest.mark.parametrize(
    "content",
    [None, b"not an archive", b"", b"PK\x03\x04 cut short"],
    ids=["absent", "other", "empty", "cut"],
)
def test_a_damaged_model_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "covering.npz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(covering, "MODEL", path)
    covering.model.cache_clear()
    try:
        with pytest.raises(ArtifactError, match="restore it from the release"):
            covering_of(np.zeros((48, 48), np.uint8))
    finally:
        monkeypatch.undo()
        covering.model.cache_clear()


def test_painting_says_what_it_painted(crop: np.ndarray) -> None:
    # Given: the same seed twice
    crops = np.repeat(crop[None], 400, axis=0)
    one, same = (painted(crops, np.random.default_rng(3)) for _ in range(2))

    assert np.array_equal(one.crops, same.crops)
    assert 0.15 < one.covered[:, EYES].mean() < 0.35
    assert 0.15 < one.covered[:, MOUTH].mean() < 0.35
    assert (~one.covered.any(axis=1)).mean() > 0.4


def test_fitting_learns_covers_and_keeps_to_its_limit(crop: np.ndarray) -> None:
    # Given: one face, taken in many ways
    random = np.random.default_rng(5)
    shifted = [np.roll(crop, tuple(random.integers(-1, 2, 2)), (0, 1)) for _ in range(300)]
    crops = np.stack([np.clip(c + random.normal(0, 6, c.shape), 0, 255) for c in shifted])

    model, figures = fit(crops[:200].astype(np.uint8), crops[200:].astype(np.uint8))

    assert isinstance(model, CoveringModel)
    assert figures["false_refusals"] <= 0.04
    assert min(figures["caught"].values()) > 0.5


def test_ordinary_photographs_are_not_refused_and_covered_ones_are(
    yunet: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = photo_folder()
    monkeypatch.setattr("ml.faces.evaluation.nonfaces", lambda: iter([]))

    result = evaluate(folder, yunet)

    assert result["refused"].get("covered", 0) <= 0.02 * result["photos"]
    for place in PLACES:
        outcomes = result["covered"][place]
        assert outcomes.get("read", 0) < 0.25 * sum(outcomes.values())
