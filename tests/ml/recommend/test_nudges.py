""" "More like this" raises what is like a song, "less" lowers it, and nothing else happens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.mood import Space
from ml.recommend.nudges import (
    LEAST,
    LESS,
    MORE,
    MOST,
    OVER_HOURS,
    SAME_ARTIST,
    Nudges,
    alike,
    asked_for,
    nudged,
    passing,
)
from ml.recommend.taste import Liking, taste


def _songs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """200 songs, four of each artist; feature "warm" has nothing to do with the mood."""
    chance = np.random.default_rng(2)
    points = chance.uniform(-1, 1, (200, 2))
    features = np.column_stack([chance.normal(size=200), points[:, 1] + chance.normal(size=200)])
    space = Space.fit(points, features, ("warm", "fast"))
    vectors = space.vectors(points, features)
    return vectors, space.carried(vectors), np.arange(200) // 4


VECTORS, CARRIED, ARTISTS = _songs()
PLACES = st.integers(0, 199)


def effect(*said: tuple[int, float]) -> np.ndarray:
    songs, effects = zip(*said, strict=True)
    return nudged(VECTORS, CARRIED, ARTISTS, Nudges(np.array(songs), np.array(effects)))


def nearest(song: int) -> np.ndarray:
    return np.argsort(-alike(VECTORS, CARRIED, ARTISTS, song))[1:6]


@given(song=PLACES)
def test_more_raises_the_song_and_its_neighbours_and_less_lowers_them(song: int) -> None:
    more, less = effect((song, MORE)), effect((song, LESS))

    assert more[song] == pytest.approx(MORE)
    assert less[song] == pytest.approx(LESS)
    assert (more[nearest(song)] > 0.3 * MORE).all()
    assert (less[nearest(song)] < 0.3 * LESS).all()


@given(song=PLACES)
def test_more_lowers_nothing_and_less_raises_nothing(song: int) -> None:
    assert effect((song, MORE)).min() >= 0
    assert effect((song, LESS)).max() <= 0


@given(song=PLACES)
def test_songs_of_the_same_artist_are_alike_whatever_they_sound_like(song: int) -> None:
    likeness = alike(VECTORS, CARRIED, ARTISTS, song)

    assert likeness[ARTISTS[song] == ARTISTS].min() >= np.float32(SAME_ARTIST)
    assert 0 <= likeness.min() <= likeness.max() <= 1


@given(song=PLACES)
def test_a_song_of_the_opposite_kind_is_left_alone(song: int) -> None:
    sound = 0.4 * VECTORS @ VECTORS[song] + 0.6 * CARRIED @ CARRIED[song]
    opposite = (sound < 0) & (ARTISTS[song] != ARTISTS)

    assert not effect((song, LESS))[opposite].any()


@given(song=PLACES, hours=st.floats(0, OVER_HOURS, exclude_max=True))
def test_less_halves_every_three_hours_and_is_over_after_twelve(song: int, hours: float) -> None:
    left = effect((song, passing(LESS, hours=hours)))

    assert left[song] == pytest.approx(LESS * 0.5 ** (hours / 3), rel=1e-5)
    assert passing(LESS, hours=hours + OVER_HOURS) == 0


@given(said=st.lists(st.tuples(PLACES, st.sampled_from([MORE, LESS])), min_size=1, max_size=30))
def test_many_nudges_stay_within_bounds_and_the_parts_sum_to_the_whole(
    said: list[tuple[int, float]],
) -> None:
    said = list(dict(said).items())
    songs, effects = zip(*said, strict=True)
    nudges = Nudges(np.array(songs), np.array(effects))
    liking = Liking(np.array([7, 60]), np.array([1.0, 0.0]), np.array([0.0, -0.5]))

    plain = taste(VECTORS, CARRIED, ARTISTS, liking)
    led = taste(
        VECTORS,
        CARRIED,
        ARTISTS,
        Liking(liking.songs, liking.here, liking.elsewhere, nudges=nudges),
    )

    assert led.asked is not None
    assert led.asked.min() >= LEAST
    assert led.asked.max() <= MOST
    assert led.total == pytest.approx(plain.total + led.asked, abs=1e-6)
    assert plain.asked is None


@given(up=PLACES, down=PLACES)
def test_opposite_nudges_lead_apart(up: int, down: int) -> None:
    if ARTISTS[up] == ARTISTS[down]:
        return

    led = effect((up, MORE), (down, LESS))

    assert led[down] < 0
    assert led[up] - led[down] >= effect((up, MORE))[up] - effect((up, MORE))[down]


@given(song=PLACES, other=PLACES)
def test_the_nudge_that_raises_a_song_most_is_named(song: int, other: int) -> None:
    if song == other:
        return
    nudges = Nudges(np.array([other, song]), np.array([MORE, MORE]))

    assert asked_for(song, VECTORS, CARRIED, ARTISTS, nudges) == 1


def test_a_song_without_measurements_is_compared_by_its_mood_alone() -> None:
    carried = CARRIED.copy()
    carried[7] = 0

    likeness = alike(VECTORS, carried, ARTISTS, 7)

    by_mood = np.maximum(VECTORS @ VECTORS[7], 0) ** 2
    others = ARTISTS[7] != ARTISTS
    assert likeness[others] == pytest.approx(by_mood[others], abs=1e-6)
