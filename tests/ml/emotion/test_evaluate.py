"""What evaluation says beyond accuracy: reliability, another domain, degradations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.emotion import metrics, weights
from ml.emotion.cli import main
from ml.emotion.data import DataError
from ml.emotion.degrade import DEGRADATIONS
from ml.emotion.evaluate import evaluate, evaluate_faces, measure
from tests.ml.emotion.untrained import save_untrained

NAMES = [degradation.name for degradation in DEGRADATIONS]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("weights"), unsure_below=0.2)


@pytest.fixture(scope="module")
def npz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine faces: three happy, four neutral, one afraid, one of contempt; two kinds of source."""
    path = tmp_path_factory.mktemp("faces") / "faces64.npz"
    np.savez(
        path,
        pixels=np.random.default_rng(3).integers(0, 256, (9, 64, 64)).astype(np.uint8),
        label=np.array([3, 3, 3, 6, 6, 6, 6, 2, 7]),
        source=np.array([0, 0, 1, 0, 1, 1, 1, 1, 0]),
    )
    return path


def test_reliability_counts_every_row_in_its_bin() -> None:
    probabilities = np.array([[0.95, 0.05], [0.91, 0.09], [0.45, 0.55], [1.0, 0.0]])
    labels = np.array([0, 1, 1, 0])

    bins = metrics.reliability(probabilities, labels, bins=10)

    assert [entry["count"] for entry in bins] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 3]
    assert bins[9]["accuracy"] == pytest.approx(2 / 3)
    assert bins[9]["confidence"] == pytest.approx((0.95 + 0.91 + 1) / 3)
    assert (bins[9]["lower"], bins[9]["upper"]) == (0.9, 1.0)
    assert bins[0] == {"lower": 0.0, "upper": 0.1, "count": 0, "confidence": None, "accuracy": None}


def test_the_served_head_has_its_own_tables(files: tuple[Path, Path], home: Path) -> None:
    found = evaluate(fer2013=files[0], ferplus=files[1], usage="PublicTest", home=home)

    bins = [entry for entry in found["reliability"] if entry["count"]]
    assert len(found["reliability"]) == 15
    assert sum(entry["count"] for entry in bins) == found["ferplus7_n"] == 40
    gap = sum(entry["count"] * abs(entry["accuracy"] - entry["confidence"]) for entry in bins)
    assert found["ece"] == pytest.approx(gap / 40)
    assert np.trace(found["served_confusion"]) == pytest.approx(found["ferplus7_accuracy"] * 40)
    assert [sum(row) for row in found["served_confusion"]] == [0, 0, 0, 20, 20, 0, 0]
    assert "degradations" not in found


def test_faces_of_another_domain_are_told_apart_by_class_and_source(npz: Path, home: Path) -> None:
    found = evaluate_faces(npz=npz, home=home)

    assert found["n"] == 8
    assert found["left_out"] == 1
    assert found["classes_n"] == {
        "angry": 0, "disgust": 0, "fear": 1, "happy": 3, "sad": 0, "surprise": 0, "neutral": 4,
    }  # fmt: skip
    recalls = [found["per_class"][name]["recall"] for name in ("fear", "happy", "neutral")]
    assert found["macro_recall"] == pytest.approx(np.mean(recalls))
    parts = found["by_source"]
    assert {name: part["n"] for name, part in parts.items()} == {
        "press photos": 3,
        "film stills": 5,
    }
    whole = sum(part["n"] * part["accuracy"] for part in parts.values())
    assert whole == pytest.approx(found["accuracy"] * 8)
    assert 0 <= found["ece"] <= 1
    assert list(found["degradations"]) == NAMES
    for cost in found["degradations"].values():
        assert {"accuracy", "macro_recall", "cost"} <= set(cost)
        lost = 100 * (found["degradations_clean"]["accuracy"] - cost["accuracy"])
        assert cost["cost"] == pytest.approx(lost)


def test_faces_that_are_not_square_are_refused(tmp_path: Path, home: Path) -> None:
    np.savez(tmp_path / "wide.npz", pixels=np.zeros((1, 48, 64), np.uint8), label=np.array([3]))
    with pytest.raises(DataError, match="must be"):
        evaluate_faces(npz=tmp_path / "wide.npz", home=home)


def test_measuring_keeps_all_the_card_needs(
    files: tuple[Path, Path], npz: Path, home: Path
) -> None:
    found = measure(fer2013=files[0], ferplus=files[1], faces=npz, home=home)

    assert found["usage"] == "PublicTest"
    assert found["weights_sha256"] == weights.manifest(home).weights_sha256
    assert list(found["degradations"]) == list(found["faces"]["degradations"]) == NAMES
    assert found["commands"] == {
        "evaluate": "python -m ml.emotion evaluate --data fer.csv --ferplus plus.csv "
        "--usage PublicTest --degradations --json",
        "faces": "python -m ml.emotion evaluate-faces --npz faces64.npz --json",
    }
    assert len(found["date"]) == len("2026-01-31")
    assert found["network"]["parameters"] > 1000
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(("flags", "names"), [([], NAMES), (["--no-degradations"], None)])
def test_the_command_prints_degradations_unless_told_not_to(
    npz: Path, home: Path, flags: list[str], names: list[str] | None, capsys: Any
) -> None:
    command = ["evaluate-faces", "--npz", str(npz), "--weights", str(home), "--json", *flags]

    assert main(command) == 0

    found = json.loads(capsys.readouterr().out)
    assert {"accuracy", "macro_recall", "per_class"} <= set(found)
    assert (list(found["degradations"]) if "degradations" in found else None) == names


def test_figures_are_also_printed_for_people(
    files: tuple[Path, Path], home: Path, capsys: Any
) -> None:
    command = ["evaluate", "--data", str(files[0]), "--ferplus", str(files[1])]

    assert main([*command, "--weights", str(home), "--usage", "PublicTest"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "n: 40" in lines
    assert lines[lines.index("per_class") + 1].startswith("  angry          precision 0.0000")
    assert sum(line.startswith("  lower") for line in lines) == 15
