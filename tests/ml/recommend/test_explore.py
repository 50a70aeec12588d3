"""What is tried out, how often, and with which stored chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from ml.recommend.dial import Dial
from ml.recommend.explore import Betas, Evidence, Exploration, places_tried
from ml.recommend.rank import Ranking, rank
from ml.recommend.spread import Groups

SONGS = 120


def nothing_known(asked: np.ndarray) -> Evidence:
    return Evidence(*(np.zeros(len(asked)) for _each in range(3)))


def a_list(
    seed: int,
    *,
    size: int = 20,
    lately: np.ndarray | None = None,
    mood: np.ndarray | None = None,
    evidence: Callable[[np.ndarray], Evidence] = nothing_known,
    dial: Dial | None = None,
) -> Ranking:
    """A list of 120 songs of as many artists, their mood falling evenly from 1 to .7."""
    return rank(
        mood=np.linspace(1, 0.7, SONGS) if mood is None else mood,
        strength=1.0,
        collaborative=None,
        weight=0.0,
        taste=np.zeros(SONGS),
        fresh=np.zeros(SONGS),
        groups=Groups(np.arange(SONGS), np.arange(SONGS)),
        allowed=np.ones(SONGS, dtype=bool),
        size=size,
        dial=dial,
        exploration=Exploration(
            np.random.default_rng(seed),
            np.zeros(SONGS, dtype=bool) if lately is None else lately,
            evidence,
        ),
    )


@pytest.mark.parametrize(
    ("size", "places"), [(1, 0), (4, 0), (5, 1), (10, 2), (15, 2), (20, 3), (50, 8)]
)
def test_one_or_two_places_of_ten_are_drawn(size: int, places: int) -> None:
    assert places_tried(size) == places
    assert a_list(1, size=size).tried.sum() == places


def test_the_same_seed_draws_the_same_songs_and_another_draws_others() -> None:
    drawn = {tuple(a_list(seed).songs.tolist()) for seed in (1, 1, 2, 3, 4, 5)}

    assert a_list(1).songs.tolist() == a_list(1).songs.tolist()
    assert 1 < len(drawn) <= 5


def test_the_best_songs_stay_and_what_is_drawn_stands_among_them() -> None:
    made = a_list(3)

    assert made.songs[~made.tried].tolist() == list(range(17))
    assert (made.chances[~made.tried] == 1).all()
    assert (made.chances[made.tried] < 1).all()
    assert np.flatnonzero(made.tried).tolist() == [3, 10, 16]
    # What a drawn song lacked of the last score is the part that says so.
    lacked = made.scores[~made.tried].min() - made.parts[made.tried, :4].sum(axis=1)
    assert made.parts[made.tried, 4] == pytest.approx(lacked)


def test_songs_come_as_often_as_the_stored_chance_says() -> None:
    """Over 4,000 draws of one place: each song's share is its chance, within four deviations."""
    draws = 4000
    counts: Counter[int] = Counter()
    chances: dict[int, float] = {}
    for seed in range(draws):
        made = a_list(seed, size=5)
        song = int(made.songs[made.tried][0])
        counts[song] += 1
        chance = float(made.chances[made.tried][0])
        assert chances.setdefault(song, chance) == pytest.approx(chance, abs=1e-12)

    assert sum(chances.values()) == pytest.approx(1, abs=0.02)
    for song, chance in chances.items():
        deviation = np.sqrt(chance * (1 - chance) / draws)
        assert abs(counts[song] / draws - chance) < 4 * deviation, song
    # The prior follows the score: the next best is drawn more often than the last of the pool.
    assert chances[4] > 3 * chances.get(60, 0)


def test_the_chance_of_being_best_is_that_of_thompson_s_draws() -> None:
    alpha, beta = np.array([2.0, 5, 30, 1]), np.array([2.0, 3, 25, 1])
    dice = np.random.default_rng(0)
    best = np.argmax(dice.beta(alpha, beta, size=(200_000, 4)), axis=1)
    drawn = np.bincount(best, minlength=4) / 200_000

    largest = Betas.of(alpha, beta).largest(np.arange(4))

    assert largest == pytest.approx(drawn, abs=0.005)
    assert largest.sum() == pytest.approx(1)
    assert Betas.of(alpha[:2], alpha[:2]).largest(np.arange(1)) == pytest.approx([1])


def test_what_listeners_liked_in_this_mood_is_tried_more_often() -> None:
    liked = 30

    def evidence(asked: np.ndarray) -> Evidence:
        up = np.where(asked == liked, 25.0, 0.0)
        return Evidence(up, np.where(asked == liked, 1.0, 12.0), up)

    with_it = [liked in a_list(seed, evidence=evidence).songs for seed in range(60)]
    without = [liked in a_list(seed).songs for seed in range(60)]

    assert sum(with_it) > 50
    assert sum(without) < 15


def test_arrivals_that_fit_have_one_place_in_twenty_and_others_none() -> None:
    lately = np.zeros(SONGS, dtype=bool)
    lately[[100, 110]] = True
    mood = np.linspace(1, 0.7, SONGS)
    far = mood.copy()
    far[lately] = 0.2

    def played(asked: np.ndarray) -> Evidence:
        return Evidence(np.zeros(len(asked)), np.zeros(len(asked)), np.full(len(asked), 10.0))

    def arrivals(**given: object) -> list[int]:
        lists = [a_list(seed, lately=lately, **given).songs for seed in range(40)]  # type: ignore[arg-type]
        return [int(lately[songs].sum()) for songs in lists]

    assert min(arrivals(mood=mood)) >= 1
    assert min(arrivals(mood=mood, size=50)) >= 2
    # A list of ten owes them half a place.
    assert 10 <= sum(arrivals(mood=mood, size=10)) <= 32
    assert max(arrivals(mood=far)) == 0
    assert sum(arrivals(mood=mood, evidence=played)) < 10


def test_trying_out_keeps_the_dial() -> None:
    known = np.arange(0, SONGS, 2)
    for percent in (0, 30, 50, 100):
        dial = Dial(known, np.zeros(len(known)), percent / 100)
        for seed in range(20):
            songs = a_list(seed, dial=dial).songs
            assert (songs % 2).sum() == percent / 5


def test_familiar_first_orders_by_plays_and_leaves_the_rest_in_order() -> None:
    dial = Dial(np.array([2, 5, 9, 100]), np.array([1, 7, 3, 99]), None, familiar_first=True)

    made = rank(
        mood=np.linspace(1, 0.7, SONGS),
        strength=1.0,
        collaborative=None,
        weight=0.0,
        taste=np.zeros(SONGS),
        fresh=np.zeros(SONGS),
        groups=Groups(np.arange(SONGS), np.arange(SONGS)),
        allowed=np.ones(SONGS, dtype=bool),
        size=10,
        dial=dial,
    )

    assert made.songs.tolist() == [5, 9, 2, 0, 1, 3, 4, 6, 7, 8]
