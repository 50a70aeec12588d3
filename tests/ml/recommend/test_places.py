"""A song for each place of a list whose target moves."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.recommend.places import place_by_place
from ml.recommend.rank import rank
from ml.recommend.spread import Groups, artist_cap


def alone(artists: np.ndarray) -> Groups:
    """Groups of songs without other versions."""
    return Groups(artists, np.arange(len(artists)))


def test_each_place_gets_its_best_song() -> None:
    chance = np.random.default_rng(0)
    at = np.linspace(0, 1, 400)
    scores = -np.abs(np.linspace(0, 1, 20)[:, None] - at)

    chosen = place_by_place(scores, alone(np.arange(400)), np.ones(400, dtype=bool))

    assert len(set(chosen)) == 20
    assert np.abs(at[chosen] - np.linspace(0, 1, 20)).max() < 0.003
    shuffled = chance.permutation(400)
    again = place_by_place(scores[:, shuffled], alone(np.arange(400)), np.ones(400, dtype=bool))
    assert shuffled[again].tolist() == chosen


def test_a_song_that_suits_all_places_goes_where_the_others_lose_least() -> None:
    # Given a loved song that is best everywhere, and another that suits the first place alone
    scores = np.array([[0.9, 0.8, 0.0], [0.9, 0.1, 0.0]])

    chosen = place_by_place(scores, alone(np.arange(3)), np.ones(3, dtype=bool))

    assert chosen == [1, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 20),
    st.lists(st.integers(0, 9), min_size=0, max_size=60),
    st.integers(0, 2**32 - 1),
)
def test_the_rules_of_every_list_hold(places: int, artists: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    names = np.array(artists, dtype=np.int64)
    versions = 6 * names + chance.integers(0, 6, len(names))
    allowed = chance.random(len(names)) < 0.8
    scores = chance.normal(0, 1, (places, len(names)))

    chosen = place_by_place(scores, Groups(names, versions), allowed)

    # Then the list is full, without repeats or versions of them, and of allowed songs alone
    different = np.unique(versions[allowed])
    assert len(chosen) == len(set(versions[chosen].tolist())) == min(places, len(different))
    assert all(allowed[index] for index in chosen)
    # And the cap is the lowest that fills it
    if chosen:
        counts = np.unique(different // 6, return_counts=True)[1]
        cap = artist_cap(len(chosen))
        while np.minimum(counts, cap).sum() < len(chosen):
            cap += 1
        assert max(Counter(names[chosen].tolist()).values()) <= cap
        # And neighbours differ wherever the songs allow it
        half, rest = (len(chosen) + 1) // 2, len(chosen)
        if np.minimum(counts, min(cap, half)).sum() >= rest:
            assert all(one != two for one, two in pairwise(names[chosen].tolist()))


def test_parts_of_a_moving_list_sum_to_the_score_of_their_place() -> None:
    chance = np.random.default_rng(2)
    moods = chance.uniform(-1, 1, (20, 500)).astype(np.float32)

    ranking = rank(
        mood=moods,
        strength=1.0,
        collaborative=chance.normal(0, 1, 500).astype(np.float32),
        weight=0.4,
        taste=chance.uniform(-0.5, 0.5, 500),
        fresh=-chance.uniform(0, 0.2, 500),
        groups=alone(np.arange(500) // 3),
        allowed=np.arange(500) % 7 > 0,
        size=20,
    )

    assert ranking.parts.sum(axis=1) == pytest.approx(ranking.scores, abs=1e-12)
    own = moods[np.arange(20), ranking.songs]
    assert ranking.parts[:, 0] == pytest.approx(0.6 * own, abs=1e-6)
    assert (ranking.songs % 7 > 0).all()


@pytest.mark.timeout(20)
def test_songs_that_differ_by_rounding_alone_are_exchanged_no_more_than_needed() -> None:
    """In single precision a swap and its reverse may both seem to gain, and never end."""
    dice = np.random.default_rng(0)
    for _ in range(300):
        base = dice.uniform(-1, 1, (12, 1)) + dice.uniform(-1, 1, (1, 12))
        scores = (base + dice.normal(0, 1e-7, (12, 12))).astype(np.float32)
        order = place_by_place(
            scores, Groups(np.arange(12), np.arange(12)), np.ones(12, dtype=bool)
        )
        assert sorted(order) == list(range(12))
