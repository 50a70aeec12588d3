"""The spread of a list: artists, versions, and room for classes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.recommend.spread import Groups, apart, artist_cap, pick


def spread(scores: np.ndarray, artists: np.ndarray, allowed: np.ndarray, size: int) -> list[int]:
    """A list of songs that are all different."""
    groups = Groups(artists, np.arange(len(artists)))
    return apart(pick(scores, groups, [np.flatnonzero(allowed)], [size]).songs, artists)


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


def test_the_better_version_of_a_song_stands_for_it() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.4])
    groups = Groups(np.array([1, 1, 2, 3]), np.array([7, 7, 8, 9]))

    assert pick(scores, groups, [np.arange(4)], [4]).songs == [1, 2, 3]


def test_classes_fill_their_rooms_and_one_takes_over_what_another_cannot() -> None:
    scores = np.arange(20, dtype=float)
    groups = Groups(np.arange(20), np.arange(20))
    low, high = np.arange(10), np.arange(10, 20)

    assert pick(scores, groups, [low, high], [4, 2]).songs == [19, 18, 9, 8, 7, 6]
    assert pick(scores, groups, [low[:1], high], [3, 3]).songs == [19, 18, 17, 16, 15, 0]


def test_the_cap_gives_way_to_a_room_and_not_further_than_it_must() -> None:
    # Familiar songs are all by two artists; twenty are wanted of them.
    artists = np.array([0, 1] * 15 + list(range(2, 32)))
    scores = np.linspace(1, 0, 60)
    groups = Groups(artists, np.arange(60))

    picked = pick(scores, groups, [np.arange(30), np.arange(30, 60)], [10, 10])

    taken = Counter(artists[picked.songs].tolist())
    assert picked.cap == 5
    assert (taken[0], taken[1], len(taken)) == (5, 5, 12)


def test_few_artists_in_a_great_catalogue_still_fill_a_list() -> None:
    scores = np.random.default_rng(5).normal(size=50_000)
    artists = np.arange(50_000) % 3
    chosen = spread(scores, artists, np.ones(50_000, dtype=bool), 20)

    assert sorted(Counter(artists[chosen].tolist()).values()) == [6, 7, 7]
