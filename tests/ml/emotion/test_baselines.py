"""The baselines learn, cost what they may, and their figures are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.emotion import data, weights
from ml.emotion.baselines import deep, features, run, shallow
from ml.emotion.baselines.task import Found, Task
from ml.emotion.cli import main
from ml.emotion.network import NetworkConfig, build
from ml.emotion.recipe import Recipe
from ml.emotion.speed import multiply_adds

TINY = NetworkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), dropout=0.0)


@pytest.fixture(scope="module")
def task(files: tuple[Path, Path]) -> Task:
    faces, votes = data.read_fer2013(files[0]), data.read_ferplus(files[1])
    return Task(
        *data.paired(faces, votes, "Training"),
        *data.paired(faces, votes, "PublicTest"),
        recipe=Recipe(phases=((2, 32), (2, 48)), batch=16, peak_rate=0.05),
        network=TINY,
    )


# --- Features -------------------------------------------------------------------------------------


def test_there_are_58_uniform_patterns_and_one_bin_for_the_rest() -> None:
    bins = features._uniform_bins()
    assert np.bincount(bins)[:58].tolist() == [1] * 58
    assert np.bincount(bins)[58] == 256 - 58
    assert bins[0b00000101] == 58  # four changes around the circle


def test_a_flat_crop_has_one_pattern_everywhere() -> None:
    histograms = features.lbp_histograms(np.full((1, 48, 48), 90, np.uint8))
    assert histograms.shape == (1, 36 * 59)
    cells = histograms.reshape(36, 59)
    assert (cells.argmax(axis=1) == features._uniform_bins()[255]).all()
    assert (cells.sum(axis=1) == 1).all()


def test_a_bright_spot_is_a_pattern_of_its_own() -> None:
    crop = np.full((1, 48, 48), 90, np.uint8)
    crop[0, 4, 4] = 200
    cell = features.lbp_histograms(crop).reshape(36, 59)[0]
    # The spot has no neighbour as bright; its eight neighbours differ from a flat patch in no bit.
    assert cell[0] == pytest.approx(np.sqrt(1 / 64))
    assert cell[features._uniform_bins()[255]] == pytest.approx(np.sqrt(63 / 64))


def test_patterns_do_not_see_exposure() -> None:
    crop = np.random.default_rng(2).integers(0, 100, (1, 48, 48)).astype(np.uint8)
    brighter = crop * 2 + 30
    assert (features.lbp_histograms(crop) == features.lbp_histograms(brighter)).all()


# --- Fitting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("baseline", [shallow.EIGENFACES, shallow.LBP], ids=["eigenfaces", "lbp"])
def test_shallow_baselines_learn_where_the_light_is(baseline: shallow.Shallow, task: Task) -> None:
    lines: list[str] = []

    found = baseline.fit(task, lines.append)

    labels = task.tested.labels
    assert (found.fer2013.argmax(axis=1) == labels).mean() > 0.9
    assert (found.served.argmax(axis=1) == labels).mean() > 0.9
    assert found.served.sum(axis=1).tolist() == [1.0] * 40
    assert len(lines) == len(shallow.PENALTIES) * len(shallow.GAMMAS)
    assert found.sha256() == baseline.fit(task, lines.append).sha256()


def test_a_baseline_as_costly_as_the_network_gets_its_epochs(task: Task) -> None:
    assert deep.affordable(lambda: build(TINY), task).phases == ((2, 32), (2, 48))


def test_a_cheaper_baseline_gets_more_epochs_and_a_dearer_one_fewer(task: Task) -> None:
    half = NetworkConfig(widths=(4, 8, 8, 16), blocks=(1, 1, 1, 1))
    longer = deep.affordable(lambda: build(half), task)
    ratio = multiply_adds(build(TINY)) / multiply_adds(build(half))
    assert 3.5 < ratio < 4
    assert longer.phases == ((7, 32), (7, 48))
    assert deep.affordable(deep.plain_cnn, task).phases == ((1, 48),)


def test_minutes_bound_the_epochs(task: Task) -> None:
    short = Task(**{**vars(task), "minutes": 1e-6})
    assert deep.affordable(lambda: build(TINY), short).phases == ((1, 48),)


@pytest.mark.parametrize(
    ("make", "mmac"), [(deep.plain_cnn, 117), (deep.resnet50v2, 184)], ids=["plain", "resnet"]
)
def test_deep_baselines_have_both_heads(make: Any, mmac: float) -> None:
    model = make()
    assert {name: tuple(head.shape) for name, head in model.output.items()} == {
        "fer2013": (None, 7),
        "ferplus": (None, 8),
    }
    assert multiply_adds(model) / 1e6 == pytest.approx(mmac, abs=1)


# --- Keeping --------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, task: Task) -> Path:
    weights.save(
        tmp_path,
        weights.float_weights(build(TINY)),
        network=TINY,
        temperature={"fer2013": 1.0, "ferplus": 1.0},
        unsure_below=0.5,
        training={"recipe": task.recipe.to_json()},
    )
    return tmp_path


def test_figures_are_kept_beside_the_weights_and_others_stay(
    files: tuple[Path, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a deep baseline as large as the network, and figures of an earlier one
    monkeypatch.setattr(run, "BASELINES", {"tiny": deep.Deep("Tiny", lambda task: build(TINY))})
    earlier = {"lbp_svm": {"accuracy": 0.5}}
    (home / "baselines.json").write_text(json.dumps(earlier))

    # When one more is made
    run.run(fer2013=files[0], ferplus=files[1], home=home, only=["tiny"], minutes=60)

    # Then both are in the file, and the new one has learnt and says all it should
    kept = json.loads((home / "baselines.json").read_text())
    assert kept["lbp_svm"] == earlier["lbp_svm"]
    entry = kept["tiny"]
    assert entry["words"] == "Tiny"
    assert entry["n"] == 40
    assert entry["accuracy"] > 0.9
    assert entry["ferplus7_accuracy"] > 0.9
    assert entry["accuracy_dedup"] == entry["accuracy"]
    assert entry["f1"]["happy"] > 0.9
    assert entry["ece"] < 0.2
    assert entry["phases"] == [[2, 32], [2, 48]]
    assert entry["budget_share"] == 1
    assert entry["budget_minutes"] == 60
    assert entry["budget_of"] == weights.manifest(home).version
    assert entry["command"] == (
        "python -m ml.emotion baselines --data fer.csv --ferplus plus.csv --only tiny --minutes 60"
    )
    assert entry["usage"] == "PublicTest"
    assert len(entry["weights_sha256"]) == 64


class Guess:
    """Calls every face happy."""

    words = "guess"

    def fit(self, task: Task, say: Any) -> Found:
        rows = np.eye(7)[[3] * len(task.tested.labels)]
        return Found(rows, rows, calibrated=False, arrays=[np.zeros(1)], facts={})


def test_answers_without_probabilities_claim_no_calibration(
    files: tuple[Path, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BASELINES", {"guess": Guess()})

    entry = run.run(fer2013=files[0], ferplus=files[1], home=home)["guess"]

    assert entry["accuracy"] == 0.5
    assert entry["ferplus7_accuracy"] == 0.5
    assert entry["f1"]["happy"] == pytest.approx(2 / 3)
    assert entry["ece"] is None
    assert entry["selective_accuracy_70"] is None


def test_the_command_names_the_baselines_it_has(
    files: tuple[Path, Path], home: Path, capsys: Any
) -> None:
    command = ["baselines", "--data", str(files[0]), "--ferplus", str(files[1]), "--only", "vgg"]

    assert main([*command, "--weights", str(home)]) == 2

    assert "eigenfaces_svm, lbp_svm, plain_cnn, resnet50v2, same_shape" in capsys.readouterr().err
