"""Several frames as one reading: the weighted mean, and how the face changed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ml.emotion.burst import Change, change, combined, story
from ml.emotion.labels import EMOTIONS


def row(**shares: float) -> np.ndarray:
    """Probabilities with these shares, the rest spread over the others."""
    values = np.array([shares.get(name, -1.0) for name in EMOTIONS])
    rest = values < 0
    values[rest] = (1 - values[~rest].sum()) / rest.sum()
    return values.astype(np.float32)


CALM, HALF, SMILE = row(neutral=0.8), row(neutral=0.5, happy=0.4), row(happy=0.9)


def test_frames_of_like_quality_count_alike() -> None:
    mean = combined(np.stack([CALM, SMILE]), [0.4, 0.4])
    np.testing.assert_allclose(mean, (CALM + SMILE) / 2, atol=1e-7)
    assert mean.sum() == pytest.approx(1, abs=1e-12)


def test_a_better_frame_counts_more() -> None:
    mean = combined(np.stack([CALM, SMILE]), [0.75, 0.25])
    np.testing.assert_allclose(mean, 0.75 * CALM + 0.25 * SMILE, atol=1e-7)


def test_one_frame_is_its_own_mean() -> None:
    np.testing.assert_allclose(combined(SMILE[None], [0.1]), SMILE, atol=1e-7)


@pytest.mark.parametrize(
    ("rows", "weights"),
    [([], []), ([CALM], [1, 1]), ([CALM, SMILE], [1, 0]), ([CALM, SMILE], [1, -1])],
    ids=["none", "too many weights", "a weight of 0", "a weight below 0"],
)
def test_what_cannot_be_averaged_is_refused(rows: list[np.ndarray], weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        combined(np.reshape(np.array(rows), (len(rows), 7)), weights)


def test_onset_is_the_calmest_frame_and_apex_the_farthest_from_it() -> None:
    found = change(np.stack([HALF, CALM, SMILE, HALF]))
    distance = np.abs(SMILE - CALM).sum() / 2
    assert found == Change(onset=1, apex=2, size=pytest.approx(distance, abs=1e-6))


def test_a_face_held_still_has_not_changed() -> None:
    found = change(np.stack([CALM, CALM, CALM]))
    assert found is not None
    assert found.size == 0


def test_nothing_in_common_is_a_change_of_one() -> None:
    sides = np.eye(7)[[EMOTIONS.index("neutral"), EMOTIONS.index("fear")]]
    found = change(sides)
    assert found == Change(onset=0, apex=1, size=1.0)


def test_one_frame_tells_no_story() -> None:
    assert change(SMILE[None]) is None
    assert story(SMILE[None], [0]) is None


def test_the_story_names_frames_by_their_place_among_those_sent() -> None:
    told = story(np.stack([CALM, SMILE]), [2, 5])
    assert told is not None
    assert json.loads(json.dumps(told)) == told
    assert told["frames"] == 2
    assert (told["onset"]["frame"], told["onset"]["label"]) == (2, "neutral")
    assert (told["apex"]["frame"], told["apex"]["label"]) == (5, "happy")
    assert told["apex"]["probabilities"]["happy"] == pytest.approx(0.9)
    assert list(told["onset"]["probabilities"]) == list(EMOTIONS)
