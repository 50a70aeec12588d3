"""Training end to end on a few made-up crops: it learns, it resumes, what it writes is served."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ml.artifacts import ArtifactError
from ml.emotion import weights
from ml.emotion.evaluate import evaluate, evaluate_faces
from ml.emotion.network import NetworkConfig
from ml.emotion.recipe import Recipe
from ml.emotion.train import train

TINY = NetworkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), dropout=0.0)


class Stopped(Exception):
    """Stands for whatever ends a run half-way."""


def run(files, home, checkpoint, report=lambda entry: None):
    return train(
        fer2013=files[0],
        ferplus=files[1],
        home=home,
        checkpoint=checkpoint,
        recipe=Recipe(phases=((3, 32), (1, 48)), batch=16, peak_rate=0.05),
        network=TINY,
        report=report,
    )


ENTRIES: list[dict] = []


@pytest.fixture(scope="module")
def trained(files, tmp_path_factory) -> Path:
    """Weights of a run that was stopped after its second epoch and called again."""
    ENTRIES.clear()
    home, checkpoint = tmp_path_factory.mktemp("run") / "home", tmp_path_factory.mktemp("state")

    def stop_after_two(entry):
        ENTRIES.append(entry)
        if entry["epoch"] == 2:
            raise Stopped

    with pytest.raises(Stopped):
        run(files, home, checkpoint, stop_after_two)
    assert not home.exists()
    run(files, home, checkpoint, ENTRIES.append)
    return home


def test_a_stopped_run_goes_on_where_it_stood(trained):
    assert [entry["epoch"] for entry in ENTRIES] == [1, 2, 3, 4]
    assert [entry["side"] for entry in ENTRIES] == [32, 32, 32, 48]
    assert ENTRIES[2]["loss"] < ENTRIES[0]["loss"]


def test_what_was_trained_is_what_is_evaluated(files, trained):
    figures = evaluate(fer2013=files[0], ferplus=files[1], usage="PrivateTest", home=trained)
    assert figures["n"] == 40
    assert figures["ferplus7_n"] == 40
    assert figures["accuracy"] > 0.9
    assert figures["ferplus7_accuracy"] > 0.9
    assert figures["accuracy_dedup"] == figures["accuracy"]
    assert figures["confusion"][3][3] + figures["confusion"][4][4] == figures["accuracy"] * 40
    assert figures["weights_sha256"] == weights.manifest(trained).weights_sha256


def test_without_ferplus_its_figures_are_absent_not_zero(files, trained):
    figures = evaluate(fer2013=files[0], ferplus=None, usage="PublicTest", home=trained)
    assert figures["ferplus7_accuracy"] is None
    assert figures["ece"] is None


def test_faces_of_another_size_are_evaluated_and_other_labels_left_out(trained, tmp_path):
    pixels = np.full((3, 64, 64), 80, np.uint8)
    pixels[0, :32] += 90
    pixels[1, 32:] += 90
    np.savez(tmp_path / "faces.npz", pixels=pixels, label=np.array([3, 4, 7]))
    figures = evaluate_faces(npz=tmp_path / "faces.npz", home=trained)
    assert figures["n"] == 2
    assert figures["accuracy"] == 1.0
    assert figures["macro_recall"] == 1.0


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ml.emotion", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_json_with_the_agreed_keys(files, trained):
    done = command(
        "evaluate", "--data", files[0], "--ferplus", files[1], "--usage", "PrivateTest",
        "--weights", trained, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert {
        "n", "accuracy", "macro_f1", "per_class", "confusion", "ece", "selective_accuracy_70",
        "accuracy_dedup", "ferplus7_accuracy", "weights_sha256",
    } <= set(figures)  # fmt: skip


def test_the_command_says_what_is_wrong_in_one_line(tmp_path):
    done = command("evaluate", "--data", tmp_path / "absent.csv")
    assert done.returncode == 2
    assert "absent.csv" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_missing_weights_file_is_named_with_its_cure(trained, tmp_path):
    (tmp_path / "manifest.json").write_bytes((trained / "manifest.json").read_bytes())
    with pytest.raises(ArtifactError, match=r"expression\.npz is missing.*restore it"):
        weights.check(tmp_path)


def test_a_damaged_weights_file_is_refused(trained, tmp_path):
    for name in ("manifest.json", "expression.npz"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    assert weights.check(tmp_path).version == weights.manifest(trained).version
    raw = bytearray((tmp_path / "expression.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "expression.npz").write_bytes(raw)
    with pytest.raises(ArtifactError, match="is damaged"):
        weights.load(tmp_path)


def test_a_manifest_of_another_format_is_refused(trained, tmp_path):
    raw = json.loads((trained / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**raw, "format": 99}))
    with pytest.raises(ArtifactError, match="has format 99"):
        weights.manifest(tmp_path)


def test_weights_that_do_not_fit_their_network_are_refused(trained, tmp_path):
    raw = json.loads((trained / "manifest.json").read_text())
    raw["network"]["widths"] = [8, 16, 16, 64]
    (tmp_path / "manifest.json").write_text(json.dumps(raw))
    (tmp_path / "expression.npz").write_bytes((trained / "expression.npz").read_bytes())
    with pytest.raises(ArtifactError, match="does not fit its manifest"):
        weights.load(tmp_path)
