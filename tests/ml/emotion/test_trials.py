"""Trials: each changes one choice, is trained, scored and kept."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from ml.emotion import trials
from ml.emotion.cli import main
from ml.emotion.network import NetworkConfig, build
from ml.emotion.recipe import Recipe

TINY = NetworkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), dropout=0.0)


def test_each_change_is_one_of_recipe_or_network() -> None:
    known = {field.name for kind in (Recipe, NetworkConfig) for field in fields(kind)}

    assert all(set(change) <= known for change in trials.CHANGES.values())
    assert all(
        len(change) == 1 for name, change in trials.CHANGES.items() if name != "as committed"
    )


def test_a_trial_is_scored_and_written_beside_the_others(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "trials.json"
    path.write_text(json.dumps([{"what": "an older one"}, {"what": "half the batch, 1x32"}]))

    entries = trials.run(
        fer2013=files[0], ferplus=files[1], phases=((1, 32),), only=["half the batch"], path=path,
        network=TINY,
    )  # fmt: skip

    assert entries == json.loads(path.read_text())
    assert [entry["what"] for entry in entries] == ["an older one", "half the batch, 1x32"]
    assert 0 <= entries[1]["public_accuracy"] <= 1
    assert entries[1]["minutes"] >= 1
    assert entries[1]["parameters"] == build(TINY).count_params()
    assert entries[1]["ms"] > 0


def test_an_unknown_trial_is_refused_before_anything_is_trained(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "trials.json"
    arguments = ["--data", str(files[0]), "--ferplus", str(files[1]), "--out", str(out)]

    assert main(["trials", *arguments, "--only", "twice the luck"]) == 2

    assert "no such trial: twice the luck" in capsys.readouterr().err
    assert not out.exists()
