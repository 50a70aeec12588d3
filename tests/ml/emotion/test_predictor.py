"""The network as the product uses it: shapes, sums, repeatability, threads, bad files, sense."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from ml.artifacts import ArtifactError
from ml.emotion import weights
from ml.emotion.labels import EMOTIONS
from ml.emotion.predictor import Predictor
from tests.ml.emotion.untrained import save_untrained


@pytest.fixture(scope="module")
def untrained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("weights")
    return save_untrained(home, unsure_below=0.45, temperature=1.3)


@pytest.fixture(scope="module")
def untrained(untrained_home: Path) -> Predictor:
    return Predictor(untrained_home)


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (9, 48, 48), dtype=np.uint8)


def test_every_crop_gets_seven_probabilities_that_sum_to_one(
    untrained: Predictor, crops: np.ndarray
) -> None:
    for n in (1, 2, 9):
        found = untrained.probabilities(crops[:n])
        assert found.shape == (n, len(EMOTIONS))
        assert found.dtype == np.float32
        assert (found >= 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_it_carries_what_the_manifest_says(untrained: Predictor, untrained_home: Path) -> None:
    manifest = json.loads((untrained_home / weights.MANIFEST_NAME).read_text())
    assert untrained.version == manifest["version"] == manifest["weights_sha256"][:12]
    assert untrained.unsure_below == 0.45


def test_no_crops_give_no_rows(untrained: Predictor) -> None:
    assert untrained.probabilities(np.empty((0, 48, 48), np.uint8)).shape == (0, 7)


@pytest.mark.parametrize(
    "crops",
    [
        np.zeros((48, 48), np.uint8),
        np.zeros((1, 48, 48), np.float32),
        np.zeros((1, 32, 32), np.uint8),
        np.zeros((1, 48, 48, 1), np.uint8),
    ],
    ids=["no batch", "floats", "another size", "channels"],
)
def test_other_shapes_and_types_are_refused(untrained: Predictor, crops: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"\(n, 48, 48\) uint8"):
        untrained.probabilities(crops)


def test_the_same_crop_reads_the_same_alone_mirrored_and_in_another_predictor(
    untrained: Predictor, untrained_home: Path, crops: np.ndarray
) -> None:
    whole = untrained.probabilities(crops)
    np.testing.assert_array_equal(untrained.probabilities(crops), whole)
    alone = np.concatenate([untrained.probabilities(crop[None]) for crop in crops])
    np.testing.assert_allclose(alone, whole, atol=1e-5)
    mirrored = untrained.probabilities(np.ascontiguousarray(crops[:, :, ::-1]))
    np.testing.assert_allclose(mirrored, whole, atol=1e-5)
    np.testing.assert_array_equal(Predictor(untrained_home).probabilities(crops), whole)


def test_exposure_says_nothing(untrained: Predictor, crops: np.ndarray) -> None:
    dim = (crops // 2).astype(np.uint8)
    np.testing.assert_allclose(
        untrained.probabilities(dim),
        untrained.probabilities((dim + 100).astype(np.uint8)),
        atol=1e-4,
    )


def test_threads_that_share_it_get_their_own_answers(
    untrained: Predictor, crops: np.ndarray
) -> None:
    # Given the right answer for each crop
    wanted = [untrained.probabilities(crop[None]) for crop in crops]
    wrong: list[int] = []

    def ask(index: int) -> None:
        for _ in range(10):
            if not np.array_equal(untrained.probabilities(crops[index][None]), wanted[index]):
                wrong.append(index)

    # When one thread for each crop asks at the same time
    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(crops))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    # Then nobody got another's answer
    assert wrong == []


def test_warming_up_leaves_no_trace(untrained: Predictor, crops: np.ndarray) -> None:
    before = untrained.probabilities(crops)
    untrained.warm_up()
    np.testing.assert_array_equal(untrained.probabilities(crops), before)


# --- Bad files ------------------------------------------------------------------------------------


@pytest.fixture
def copied_home(untrained_home: Path, tmp_path: Path) -> Path:
    for name in (weights.WEIGHTS_NAME, weights.MANIFEST_NAME):
        (tmp_path / name).write_bytes((untrained_home / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", [weights.WEIGHTS_NAME, weights.MANIFEST_NAME])
def test_a_missing_file_is_named_with_its_cure(copied_home: Path, name: str) -> None:
    (copied_home / name).unlink()
    with pytest.raises(ArtifactError, match=rf"{name} is missing.*restore it"):
        Predictor(copied_home)


def test_one_wrong_byte_is_noticed(copied_home: Path) -> None:
    path = copied_home / weights.WEIGHTS_NAME
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(bytes(damaged))
    with pytest.raises(ArtifactError, match=r"is damaged.*Restore"):
        Predictor(copied_home)


def test_weights_of_another_network_are_refused(copied_home: Path) -> None:
    path = copied_home / weights.MANIFEST_NAME
    manifest = json.loads(path.read_text())
    manifest["network"]["widths"] = [8, 8, 16, 32]
    path.write_text(json.dumps(manifest))
    with pytest.raises(ArtifactError, match="does not fit its manifest"):
        Predictor(copied_home)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 99}', "not json"])
def test_an_unreadable_manifest_is_named(copied_home: Path, text: str) -> None:
    (copied_home / weights.MANIFEST_NAME).write_text(text)
    with pytest.raises(ArtifactError, match=weights.MANIFEST_NAME):
        Predictor(copied_home)


# --- The committed weights ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed() -> Predictor:
    return Predictor(weights.HOME)


def test_the_committed_weights_are_whole_and_small(committed: Predictor) -> None:
    manifest = weights.check()
    assert committed.version == manifest.version
    assert (weights.HOME / weights.WEIGHTS_NAME).stat().st_size < 8_000_000
    assert 1 / 7 < committed.unsure_below < 0.95


def test_the_committed_network_is_no_constant(committed: Predictor, crops: np.ndarray) -> None:
    # Pictures without a face must at least not all look alike to it.
    found = committed.probabilities(crops)
    assert found.std(axis=0).max() > 1e-3
