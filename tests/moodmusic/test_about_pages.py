"""The pages that say how faces are read and lists are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from emotions.model_card import model_card
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
    assert "python -m ml.emotion evaluate" in words
    assert "Not for the workplace or the classroom." in words


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
