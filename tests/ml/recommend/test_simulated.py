"""Simulated listeners: the lists move after the first words, and a batch learner's do not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from ml.recommend.cli import main
from ml.recommend.proof import simulated
from ml.recommend.proof.simulated import Listener, Songs, listed, ours, simulate


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """100 listeners of each life; another seed than the one the taste was tuned on."""
    return simulate(seed=0, rounds=4, listeners=25)


@pytest.mark.parametrize(
    ("life", "bars"),
    [
        ("opposite tastes in two moods", {"1": 0.8, "3": 0.6, "5": 0.75, "10": 0.9, "20": 0.95}),
        (
            "one taste, told in another mood",
            {"1": 0.7, "3": 0.85, "5": 0.9, "10": 0.95, "20": 0.95},
        ),
        ("an artist always disliked", {"3": 0.95, "5": 0.95, "10": 0.95, "20": 0.95}),
        ("a taste that changes", {"1": 0.55, "3": 0.75, "5": 0.85, "10": 0.95, "20": 0.95}),
    ],
)
def test_lists_move_the_right_way_after_the_first_words(
    found: dict[str, Any], life: str, bars: dict[str, float]
) -> None:
    shares = {after: one["mean"] for after, one in found["lives"][life]["ours"].items()}

    assert {after: shares[after] >= bar for after, bar in bars.items()} == dict.fromkeys(
        bars, True
    ), shares


def test_a_learner_in_batches_moves_no_list_before_its_first(found: dict[str, Any]) -> None:
    for life, methods in found["lives"].items():
        # A taste that changes has a past of ten words, so that its first batch ends earlier.
        early = ("1", "3", "5") if life == "a taste that changes" else ("1", "3", "5", "10")
        assert {methods["bandit"][after]["mean"] for after in early} == {0.0}, life
    assert found["lives"]["opposite tastes in two moods"]["bandit"]["20"]["mean"] > 0.9


def test_the_same_seed_gives_the_same_figures() -> None:
    once, again, other = (simulate(seed=seed, rounds=1, listeners=4)["lives"] for seed in (1, 1, 2))

    assert once == again
    assert once != other


def test_a_listener_says_what_is_felt_once_of_each_song() -> None:
    songs = Songs.generate(np.random.default_rng(0))
    likings = np.full((2, len(songs.vectors)), np.nan)
    shown = listed(songs, Listener(likings), 0, ours)
    likings[:, shown[:3]] = [-0.9, 0.0, 0.9]
    listener = Listener(likings)

    for seed in range(30):
        listener.say(0, shown, np.random.default_rng(seed))

    said = {song: stars for _mood, song, stars in listener.stars}
    assert len(said) == len(listener.stars)
    assert said[int(shown[0])] <= 2
    assert said[int(shown[2])] >= 4
    assert not {int(song) for song in shown[3:]} & set(said)


def test_the_command_prints_shares_and_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulated, "LIVES", {"one": simulated.disliked_artist})
    small = simulate(seed=3, rounds=1, listeners=2)
    monkeypatch.setattr(simulated, "simulate", lambda seed: small)

    assert main(["simulate", "--seed", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == small
    assert main(["simulate", "--seed", "3"]) == 0
    out = capsys.readouterr().out
    assert "2 listeners in 1 rounds, seed 3" in out
    assert "bandit" in out
