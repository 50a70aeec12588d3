"""The pages that say how faces are read and lists are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from emotions.model_card import model_card
from emotions.model_charts import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Line,
    accuracy_chart,
    loss_chart,
    reliability_chart,
)
from ml.emotion import weights
from ml.emotion.card import gather
from ml.emotion.degrade import DEGRADATIONS
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db


SHA = "ab" * 32
FIGURES = {
    "weights_sha256": SHA,
    "usage": "PrivateTest",
    "n": 3589,
    "accuracy": 0.6712,
    "ferplus7_accuracy": 0.8345,
    "per_class": {"sad": {"precision": 0.5, "recall": 0.4321, "f1": 0.46}},
    "confusion": [[9, 1, 0, 0, 0, 0, 0]] + [[0] * 7] * 6,
    "commands": {"evaluate": "python -m ml.emotion evaluate --data fer2013.csv"},
}


def card_home(home: Path, figures: dict[str, Any] | None) -> Path:
    manifest = {"version": SHA[:12], "weights_sha256": SHA, "unsure_below": 0.5}
    (home / "manifest.json").write_text(json.dumps(manifest))
    if figures is not None:
        (home / "evaluation.json").write_text(json.dumps(figures))
    return home


def test_the_model_page_shows_the_evaluation_of_these_weights(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.EMOTION_WEIGHTS = card_home(tmp_path, FIGURES)

    words = text_of(client.get(reverse("about_model")))

    assert "67.1\N{NO-BREAK SPACE}%" in words
    assert "83.5\N{NO-BREAK SPACE}%" in words
    assert "43\N{NO-BREAK SPACE}%" in words  # recall of sad
    assert "90\N{NO-BREAK SPACE}%9" in words  # nine of ten angry faces
    assert "± 1.5" in words  # half of the 95 % interval of .6712 on 3,589 faces
    assert "python -m ml.emotion evaluate" in words
    assert "Not for the workplace or the classroom." in words


def test_the_model_page_is_of_the_committed_weights(client: Client) -> None:
    # Given the weights that come with the product, and the evaluation beside them
    card = gather()
    found, faces = card.evaluation, card.evaluation["faces"]

    words = text_of(client.get(reverse("about_model")))

    # Then the page is theirs, with every part of the open book
    assert weights.check().weights_sha256 in words
    assert f"on {found['date']}" in words
    for share in (found["ferplus7_accuracy"], found["ece"], faces["macro_recall"]):
        assert f"{share * 100:.1f}\N{NO-BREAK SPACE}%" in words
    for command in found["commands"].values():
        assert command in words
    for degradation in DEGRADATIONS:
        cost = faces["degradations"][degradation.name]
        shown = f"{cost['cost']:.1f} ± {cost['cost_se']:.1f}"
        assert shown.replace("-", "\N{MINUS SIGN}") in words
    for entry in card.baselines.values():
        assert escape(entry["words"]) in words
    for claim in card.claims:
        assert escape(claim["name"]) in words
    assert f"Only {faces['classes_n']['fear']} of them are labelled afraid" in words


def test_the_charts_of_the_model_page_are_drawn_and_said(client: Client) -> None:
    page = client.get(reverse("about_model")).content.decode()

    for name in ("reliability", "accuracy", "loss"):
        assert f'aria-labelledby="{name}-title {name}-desc"' in page
        assert f'<title id="{name}-title">' in page
    full = [entry for entry in gather().evaluation["reliability"] if entry["count"]]
    few = [entry for entry in full if entry["count"] < 30]
    assert page.count('class="chart__bar"') == len(full) - len(few)
    assert page.count('class="chart__bar chart__bar--pale"') == len(few)
    assert "<script>" not in page
    assert "style=" not in page


def places(line: Line) -> list[tuple[float, ...]]:
    return [tuple(map(float, point.split(","))) for point in line.points.split()]


def test_a_chart_puts_values_where_they_belong() -> None:
    bins = [
        {"lower": 0.0, "upper": 0.5, "count": 4, "confidence": 0.4, "accuracy": 0.25},
        {"lower": 0.5, "upper": 1.0, "count": 0, "confidence": None, "accuracy": None},
    ]
    (bar,) = reliability_chart(bins).bars
    assert (bar.y + bar.height, bar.height) == (BOTTOM, (BOTTOM - TOP) / 4)
    assert bar.pale
    assert bar.x + bar.width == LEFT + (RIGHT - LEFT) / 2 - 1

    history = [
        {"epoch": 1, "side": 32, "loss": 3.0, "public_accuracy": 0.0, "public_ferplus7": 0.5},
        {"epoch": 2, "side": 32, "loss": 1.5, "public_accuracy": 0.5, "public_ferplus7": 1.0},
        {"epoch": 3, "side": 48, "loss": 1.5, "public_accuracy": 1.0, "public_ferplus7": 1.0},
    ]
    ferplus, fer2013 = accuracy_chart(history).lines
    middle = (TOP + BOTTOM) / 2
    assert places(fer2013)[0] == (LEFT, BOTTOM)
    assert places(ferplus)[0] == (LEFT, middle)
    assert fer2013.end == ferplus.end
    assert fer2013.end[1] == TOP
    assert [mark.words for mark in accuracy_chart(history).marks] == ["48 px"]
    (loss,) = loss_chart(history).lines
    assert [y for _, y in places(loss)] == [TOP, middle, middle]


def test_the_model_page_claims_no_number_that_is_not_its_own(tmp_path: Path) -> None:
    without = model_card(card_home(tmp_path, None))
    foreign = model_card(card_home(tmp_path, {**FIGURES, "weights_sha256": "cd" * 32}))

    assert without.version == foreign.version == SHA[:12]
    assert without.figures == foreign.figures == []
    assert without.commands == foreign.commands == []


def test_the_model_page_stands_without_weights(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.EMOTION_WEIGHTS = tmp_path

    assert "No trained network is installed" in text_of(client.get(reverse("about_model")))


def test_the_recommender_page_shows_the_policy(client: Client) -> None:
    words = text_of(client.get(reverse("about_recommender")))

    assert "Afraid" in words
    assert "Match" in words
    assert "No collaborative model has been trained" in words
