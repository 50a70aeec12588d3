"""The model card is made of JSON files, and the committed one is of the committed weights."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ml.emotion import weights
from ml.emotion.card import Card, gather
from ml.emotion.card.files import HOME, margin
from ml.emotion.card.text import markdown
from ml.emotion.cli import main
from ml.emotion.degrade import DEGRADATIONS
from ml.emotion.labels import EMOTIONS

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "model-card.md"
SHA = "ab" * 32


@pytest.fixture(scope="module")
def committed() -> Card:
    return gather()


def home_of(home: Path, evaluation: dict[str, Any]) -> Path:
    manifest = {"version": SHA[:12], "weights_sha256": SHA, "unsure_below": 0.5}
    (home / "manifest.json").write_text(json.dumps(manifest))
    (home / "evaluation.json").write_text(json.dumps(evaluation))
    return home


def test_figures_of_other_weights_are_left_out(tmp_path: Path) -> None:
    own = gather(home_of(tmp_path, {"weights_sha256": SHA, "n": 9}))
    assert own.evaluation["n"] == 9

    foreign = gather(home_of(tmp_path, {"weights_sha256": "cd" * 32, "n": 9}))
    assert foreign.evaluation == {}
    assert foreign.manifest["version"] == SHA[:12]
    assert foreign.history == []
    assert "No evaluation lies beside these weights." in markdown(foreign)


def test_damaged_files_count_as_missing(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    (tmp_path / "baselines.json").write_text("[1]")
    found = gather(tmp_path)
    assert (found.manifest, found.evaluation, found.baselines) == ({}, {}, {})


def test_the_margin_is_half_a_95_percent_interval() -> None:
    assert margin(0.5, 100) == pytest.approx(0.098)
    assert margin(1.0, 100) == 0


# --- The committed card ---------------------------------------------------------------------------


def test_the_document_is_made_from_the_committed_files(committed: Card) -> None:
    # An edit by hand, or new weights without `make evaluate`, shows here.
    assert markdown(committed) == DOCUMENT.read_text("utf-8")


def test_the_document_belongs_to_the_committed_weights(committed: Card) -> None:
    sha = weights.check(HOME).weights_sha256
    assert committed.evaluation["weights_sha256"] == sha
    assert f"weights sha256 `{sha}`" in DOCUMENT.read_text("utf-8")


def table_after(text: str, heading: str) -> list[list[str]]:
    """Cells of the body of the first table after a heading."""
    lines = text[text.index(f"## {heading}\n") :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|---"))
    body = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        body.append([cell.strip() for cell in line.strip("|").split("|")])
    return body


def test_the_figures_are_those_of_the_evaluation(committed: Card) -> None:
    text, found = DOCUMENT.read_text("utf-8"), committed.evaluation

    figures = {row[0]: row[1:] for row in table_after(text, "Figures")}
    ece = figures["calibration error (ECE, 15 equal bins)"]
    assert float(ece[1]) == pytest.approx(found["ece"], abs=5e-4)
    assert ece[2] == "A"
    recall = figures["another domain: macro recall"]
    assert int(recall[0]) == found["faces"]["n"]
    assert float(recall[1]) == pytest.approx(found["faces"]["macro_recall"], abs=5e-4)

    classes = table_after(text, "Emotion by emotion")
    assert [row[0] for row in classes] == list(EMOTIONS)
    happy = found["served_per_class"]["happy"]
    assert float(classes[3][3]) == pytest.approx(happy["recall"], abs=5e-4)
    assert sum(int(row[5]) for row in classes) == found["n"]

    spoilt = table_after(text, "Hard conditions")
    assert [row[0].split("`")[1] for row in spoilt[1:]] == [d.name for d in DEGRADATIONS]
    assert spoilt[1][6].startswith(f"{found['faces']['degradations']['320x240']['cost']:.1f} ±")


def test_every_figure_names_its_command_and_day(committed: Card) -> None:
    text, found = DOCUMENT.read_text("utf-8"), committed.evaluation
    for command in found["commands"].values():
        assert f"`{command}`" in text
    assert f"on {found['date']}" in text
    for entry in committed.baselines.values():
        assert f"`{entry['command']}`, {entry['date']}, weights" in text
    assert {row[3] for row in table_after(text, "Figures")} == {"A", "B"}


def test_the_card_says_what_it_is_for_and_what_it_cannot_tell() -> None:
    text = DOCUMENT.read_text("utf-8")
    for words in ("**Not for:** any diagnosis", "hiring", "Age, skin colour, sex, culture."):
        assert words in text
    assert "micro-expression" not in text.lower()
    # No folder of a machine, whatever the command line said.
    assert re.search(r"(^|[\s`])/(home|root|tmp|work)/", text) is None


def test_claims_and_trials_are_complete(committed: Card) -> None:
    assert len(committed.claims) > 10
    for claim in committed.claims:
        assert set(claim) == {"name", "figure", "set", "protocol", "stands"}
        assert "|" not in "".join(claim.values())
    assert committed.trials
    for trial in committed.trials:
        # Four epochs rank choices and no more; always guessing the commonest is right in .25.
        least = 0.5 if trial["epochs"] > 4 else 0.35
        assert least < trial["public_accuracy"] < trial["public_ferplus7"] < 1
        assert trial["minutes"] > 0
        assert 0 < trial["parameters"] <= 5_000_000
        assert trial["mmac"] > 0
        assert trial["ms"] > 0


def test_the_command_writes_the_same_document_again(tmp_path: Path) -> None:
    assert main(["card", "--out", str(tmp_path / "card.md")]) == 0
    assert (tmp_path / "card.md").read_bytes() == DOCUMENT.read_bytes()


def test_measuring_needs_all_three_files(tmp_path: Path, capsys: Any) -> None:
    assert main(["card", "--data", "fer.csv", "--out", str(tmp_path / "card.md")]) == 2
    assert "--faces" in capsys.readouterr().err
    assert not (tmp_path / "card.md").exists()
