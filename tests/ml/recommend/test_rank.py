"""Scores, their parts, and the spread of a list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.recommend.fresh import MOST, fresh
from ml.recommend.rank import collaborative_weight, normalised, rank
from ml.recommend.spread import artist_cap, spread


def test_the_weight_of_the_community_grows_with_what_is_known_and_with_coverage() -> None:
    weights = [collaborative_weight(known, 1000, 1000) for known in (0, 1, 3, 7, 15, 100, 10_000)]

    assert weights == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7, 0.7, 0.7])
    assert collaborative_weight(15, 0, 1000) == 0
    assert collaborative_weight(15, 50, 1000) == pytest.approx(0.35)
    assert collaborative_weight(15, 100, 1000) == pytest.approx(0.7)


def test_collaborative_scores_become_comparable_whatever_their_scale() -> None:
    raw = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 100] * 10, dtype=np.float32)
    raw[3] = np.nan

    units = normalised(raw)

    assert units[3] == 0
    assert normalised(raw * 1000 + 5) == pytest.approx(units, abs=1e-4)
    assert units.max() == pytest.approx(1)
    assert np.abs(units[:9]).max() < 0.1
    assert not normalised(np.full(5, 3.0)).any()
    assert not normalised(np.full(5, np.nan)).any()


def test_parts_sum_to_the_score_and_order_the_list() -> None:
    chance = np.random.default_rng(1)
    n = 500

    ranking = rank(
        mood=chance.uniform(-1, 1, n).astype(np.float32),
        strength=0.8,
        collaborative=chance.normal(0, 1, n).astype(np.float32),
        weight=0.4,
        taste=chance.uniform(-0.5, 0.5, n),
        fresh=-chance.uniform(0, 0.2, n),
        artists=np.arange(n),
        allowed=np.ones(n, dtype=bool),
        size=20,
    )

    assert ranking.parts.sum(axis=1) == pytest.approx(ranking.scores, abs=1e-12)
    assert list(ranking.scores) == sorted(ranking.scores, reverse=True)
    assert len(set(ranking.songs.tolist())) == 20


def test_damaged_values_never_decide() -> None:
    bad = np.array([np.nan, np.inf, -np.inf, 0.5])

    ranking = rank(
        mood=bad,
        strength=1,
        collaborative=None,
        weight=0,
        taste=np.zeros(4),
        fresh=np.array([0.0, 0.0, np.nan, 0.0]),
        artists=np.arange(4),
        allowed=np.ones(4, dtype=bool),
        size=4,
    )

    assert ranking.songs[0] == 3
    assert ranking.scores == pytest.approx([0.5, 0, 0, 0])


@pytest.mark.parametrize(("size", "cap"), [(1, 1), (10, 1), (20, 2), (25, 3), (50, 5)])
def test_the_artist_cap_is_two_in_twenty(size: int, cap: int) -> None:
    assert artist_cap(size) == cap


@settings(max_examples=300, deadline=None)
@given(
    artists=st.lists(st.integers(0, 12), min_size=0, max_size=120),
    size=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
)
def test_lists_never_break_their_rules(artists: list[int], size: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    by = np.array(artists, dtype=np.int64)
    scores = chance.normal(size=len(by)).round(1)
    allowed = chance.random(len(by)) < 0.7

    chosen = spread(scores, by, allowed, size)

    available = Counter(by[allowed].tolist())
    # As many songs as there are, none twice, none that is filtered out.
    assert len(chosen) == min(size, int(allowed.sum()))
    assert len(set(chosen)) == len(chosen)
    assert allowed[chosen].all()
    # The cap holds, and rises only as far as it must to fill the list.
    cap = artist_cap(size)
    while sum(min(count, cap) for count in available.values()) < len(chosen):
        cap += 1
    taken = Counter(by[chosen].tolist())
    assert max(taken.values(), default=0) <= cap
    # Neighbours differ wherever any order could keep them apart.
    if max(taken.values(), default=0) <= (len(chosen) + 1) // 2:
        played = by[chosen]
        assert not (played[1:] == played[:-1]).any()


def test_the_best_songs_come_first_when_artists_allow_it() -> None:
    scores = np.array([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    artists = np.array([0, 0, 0, 1, 2, 3, 4, 5, 6, 7])

    assert spread(scores, artists, np.ones(10, dtype=bool), 5) == [0, 3, 4, 5, 6]


def test_a_great_catalogue_is_cut_before_it_is_sorted_with_the_same_result() -> None:
    chance = np.random.default_rng(3)
    scores, artists = chance.normal(size=30_000), chance.integers(0, 3000, 30_000)
    allowed = np.ones(30_000, dtype=bool)
    order = np.argsort(-scores)
    taken: Counter[int] = Counter()
    wanted = []
    for index in order:
        if taken[artists[index]] < 2:
            taken[artists[index]] += 1
            wanted.append(int(index))
        if len(wanted) == 20:
            break

    assert set(spread(scores, artists, allowed, 20)) == set(wanted)


def test_fresh_is_a_bounded_price() -> None:
    shown = [np.array([0, 1]), np.array([0, 2]), np.array([0])]

    price = fresh(5, np.array([0, 3]), shown)

    assert price == pytest.approx([MOST, -0.12, -0.08, -0.10, 0])
