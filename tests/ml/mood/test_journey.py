"""The way from a mood to a goal: straight on, in bounded steps, and near its stops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.audio.catalogue import MOOD_POINTS
from ml.mood import Journey, Space, Target, journey, target
from ml.mood.journey import DIRECTION, NEAR, STEP

NAMES = ("warmth", "tempo")
side = st.floats(-1, 1)
places = st.tuples(side, side)


def goal(at: tuple[float, float]) -> Target:
    return Target(at[0], at[1], np.zeros(4), 1.0, np.zeros(4))


def walked(way: Journey) -> np.ndarray:
    return np.linalg.norm(np.diff(way.stops, axis=0), axis=1)


@given(places, places, st.integers(1, 50))
def test_it_starts_at_the_reading_and_never_turns_back(
    start: tuple[float, float], end: tuple[float, float], songs: int
) -> None:
    way = journey(start, goal(end), songs)

    assert way.stops.shape == (songs, 2)
    assert way.stops[0] == pytest.approx(start, abs=1e-12)
    for axis in (0, 1):
        towards = 1 if end[axis] >= start[axis] else -1
        assert (towards * np.diff(way.stops[:, axis]) >= 0).all()
        low, high = sorted((start[axis], end[axis]))
        assert (way.stops[:, axis] >= low).all()
        assert (way.stops[:, axis] <= high).all()


@given(places, places, st.integers(1, 50))
def test_its_steps_are_equal_and_bounded(
    start: tuple[float, float], end: tuple[float, float], songs: int
) -> None:
    steps = walked(journey(start, goal(end), songs))

    assert (steps <= STEP + 1e-9).all()
    assert steps == pytest.approx(np.full(songs - 1, steps.mean() if songs > 1 else 0), abs=1e-9)


@given(places, places, st.integers(1, 50))
def test_it_ends_at_the_goal_or_as_near_as_so_many_steps_lead(
    start: tuple[float, float], end: tuple[float, float], songs: int
) -> None:
    way = journey(start, goal(end), songs)

    left = max(0.0, math.dist(start, end) - STEP * (songs - 1))
    assert math.dist(way.stops[-1], end) == pytest.approx(left, abs=1e-9)
    assert (way.travelled[-1] == pytest.approx(1)) or left > 0 or songs == 1


def test_twenty_songs_reach_every_corner() -> None:
    assert math.dist((-1, -1), (1, 1)) <= STEP * 19


@pytest.fixture(scope="module")
def catalogue() -> tuple[np.ndarray, np.ndarray, Space]:
    chance = np.random.default_rng(5)
    points = chance.uniform(-1, 1, (3000, 2))
    features = np.column_stack([chance.normal(0, 1, 3000), 100 + 30 * points[:, 1]])
    return points, features, Space.fit(points, features, NAMES)


def test_the_best_song_of_each_stop_lies_near_it(
    catalogue: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    # Given a way right across the middle, where directions say nothing
    points, features, space = catalogue
    way = journey((-0.7, -0.5), goal((0.7, 0.5)), 20)

    agreement = way.agreement(points.astype(np.float32), space.vectors(points, features), space)

    assert agreement.shape == (20, 3000)
    assert agreement.max() <= 1
    assert agreement.min() >= -1
    best = points[agreement.argmax(axis=1)]
    assert np.linalg.norm(best - way.stops, axis=1).max() < 0.15


def test_nearness_is_a_distance_in_the_plane_where_arousal_counts_more(
    catalogue: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    _points, _features, space = catalogue
    way = journey((0.0, 0.0), goal((0.0, 0.0)), 1)
    points = np.array([[0, 0], [0.3, 0], [0, 0.3], [np.nan, np.nan]])
    silent = np.zeros((4, 4), dtype=np.float32)

    (at, valence_off, arousal_off, unknown) = way.agreement(points, silent, space)[0]

    share = 1 - DIRECTION
    assert at == pytest.approx(share)
    assert arousal_off < valence_off < share
    assert unknown == 0
    apart = np.linalg.norm(space.plane(points[2:3]) - space.plane(points[:1]))
    assert arousal_off == pytest.approx(share * (1 - apart / NEAR), abs=1e-5)


def test_of_moods_about_as_near_the_ends_have_those_in_their_direction() -> None:
    # Given songs of seven moods, of which romantic ones lie nearer to the end of a lift than happy
    # ones, but beside the direction in which it leads
    moods = list(MOOD_POINTS)
    points = np.array([MOOD_POINTS[mood] for mood in moods])
    space = Space.fit(points, np.zeros((7, 2)), NAMES)
    vectors = space.vectors(points, np.zeros((7, 2)))
    lift = target(np.full(7, 1 / 7), np.tile((0.354, 0.186), (7, 1)), space, least=0.7)
    away = np.linalg.norm(space.plane(points) - space.plane(np.array([[0.354, 0.186]])), axis=1)
    assert moods[away.argmin()] == "romantic"

    agreement = journey((-0.63, -0.27), lift, 20).agreement(points, vectors, space)

    assert moods[agreement[0].argmax()] == "sad"
    assert moods[agreement[-1].argmax()] == moods[lift.cosine(vectors).argmax()] == "happy"


def test_what_the_goal_wishes_counts_more_and_more_on_the_way(
    catalogue: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    points, features, space = catalogue
    table = np.tile((0.3, -0.25), (7, 1))
    wished = target(np.full(7, 1 / 7), table, space, wishes={"warmth": np.ones(7)})
    plain = target(np.full(7, 1 / 7), table, space)
    vectors = space.vectors(points, features)

    gained = [
        journey((-0.6, 0.5), wished, 11).agreement(points, vectors, space)[stop]
        - journey((-0.6, 0.5), plain, 11).agreement(points, vectors, space)[stop]
        for stop in (0, 5, 10)
    ]

    assert gained[0] == pytest.approx(np.zeros(3000), abs=1e-6)
    assert gained[1] == pytest.approx(gained[2] / 2, abs=1e-5)
    assert gained[2].max() == pytest.approx(0.25, abs=1e-5)
