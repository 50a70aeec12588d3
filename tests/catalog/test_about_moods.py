"""The page about moods of songs: the figures of the model in use, and of no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog import about_page, analysis
from ml.mood.suggest import FIGURES, HOME
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db
SPACE = "\N{NO-BREAK SPACE}"


def page(client: Client) -> str:
    answer = client.get(reverse("about_moods"))
    assert answer.status_code == 200
    return text_of(answer)


def test_anybody_reads_how_well_moods_are_told_and_that_it_is_too_sure(client: Client) -> None:
    found = json.loads(FIGURES.read_text())
    served = found["served"]
    words = page(client)

    for share in (served["accuracy"], served["right"], served["confidence"], served["suggested"]):
        assert f"{share * 100:.0f}{SPACE}%" in words
    assert round(served["accuracy"], 3) == 0.596
    assert "it is surer of real songs than it should be" in words
    assert served["confidence"] > served["right"]
    assert f"{found['songs']} songs of {found['artists']} artists" in words
    for method in found["methods"]:
        assert method in words
    assert f"Model: {served['model']}." in words
    assert "Of how pleasant a pop song feels, the suggestions say nothing that shows here" in words
    assert "style=" not in client.get(reverse("about_moods")).content.decode()


def test_the_foot_of_every_page_leads_there(client: Client) -> None:
    where = reverse("about_moods")
    assert f'href="{where}"' in client.get(reverse("about_model")).content.decode()


def test_a_model_of_this_server_has_none_of_our_figures(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    whole = json.loads(HOME.read_text())
    whole["numbers"]["unsure_below"] = 0.6
    from ml.mood.suggest import write

    settings.MODELS_DIR = tmp_path
    write(tmp_path / HOME.name, whole["numbers"], whole["about"])
    words = page(client)
    assert "uses a model that was fitted here" in words
    assert "How well, on real songs" not in words
    assert "A mood is more than sound" in words


def test_without_model_or_figures_no_number_is_claimed(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(about_page, "FIGURES", tmp_path / "none.json")
    assert "no number is claimed" in page(client)
    monkeypatch.setattr(analysis, "HOME", tmp_path / "none.json")
    words = page(client)
    assert "missing or damaged" in words
    assert "How well, on real songs" not in words
