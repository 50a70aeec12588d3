"""The song space and targets: what lies near what, and what an unknown song is worth."""

from __future__ import annotations

import numpy as np
import pytest

from ml.audio.catalogue import MOOD_POINTS
from ml.emotion.labels import EMOTIONS
from ml.mood import Space, target
from ml.mood.space import AROUSAL_SHARE, AUDIO_SHARE, VALENCE_SHARE

MOODS = list(MOOD_POINTS)
HAPPY, SAD = EMOTIONS.index("happy"), EMOTIONS.index("sad")


def a_catalogue(per_mood: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """points, features and the mood number of each song; features follow the points loosely."""
    chance = np.random.default_rng(0)
    points = np.repeat(np.array([MOOD_POINTS[mood] for mood in MOODS]), per_mood, axis=0)
    noise = chance.normal(0, 0.4, (len(points), 3))
    features = np.column_stack([100 + 40 * points[:, 1], points[:, 1] - 3, points[:, 0] * 9])
    return points, features + noise * [40, 1, 9], np.repeat(np.arange(len(MOODS)), per_mood)


def one_hot(emotion: int) -> np.ndarray:
    return np.eye(7)[emotion]


def goal_points(point: tuple[float, float]) -> np.ndarray:
    return np.tile(point, (7, 1))


def test_dimensions_are_centred_and_standardised_whatever_their_units() -> None:
    points, features, _ = a_catalogue()
    space = Space.fit(points, features, ("tempo", "loudness", "brightness"))

    scaled = space._scaled(np.column_stack([points, features]))

    shares = [VALENCE_SHARE, AROUSAL_SHARE, *[AUDIO_SHARE / 3] * 3]
    assert scaled.mean(axis=0) == pytest.approx(np.zeros(5), abs=0.02)
    assert scaled.var(axis=0) == pytest.approx(shares, rel=0.05)
    assert pytest.approx(1) == VALENCE_SHARE + AROUSAL_SHARE + AUDIO_SHARE


def test_units_do_not_change_the_vectors() -> None:
    points, features, _ = a_catalogue()
    names = ("tempo", "loudness", "brightness")

    plain = Space.fit(points, features, names).vectors(points, features)
    other = features * [60, 0.001, 5] + [7, -3, 1e3]

    assert Space.fit(points, other, names).vectors(points, other) == pytest.approx(plain, abs=1e-4)


@pytest.mark.parametrize("mood", ["happy", "energetic", "calm", "sad", "angry"])
def test_the_songs_of_a_mood_are_the_nearest_to_its_point(mood: str) -> None:
    points, features, moods = a_catalogue()
    space = Space.fit(points, features, ("a", "b", "c"))

    aim = target(one_hot(HAPPY), goal_points(MOOD_POINTS[mood]), space)
    best = np.argsort(-aim.cosine(space.vectors(points, features)))[:20]

    assert (moods[best] == MOODS.index(mood)).mean() >= 0.9


def test_the_features_expected_at_a_point_follow_the_catalogue() -> None:
    points, features, _ = a_catalogue()
    space = Space.fit(points, features, ("tempo", "loudness", "brightness"))

    loud, quiet = space.toward(np.array([0.0, 0.8])), space.toward(np.array([0.0, -0.8]))

    assert loud[2] > 0.1 > -0.1 > quiet[2]
    assert abs(loud[4]) < 0.1


def test_an_ambiguous_reading_is_weak_and_a_plain_one_strong() -> None:
    points, features, _ = a_catalogue()
    space = Space.fit(points, features, ("a", "b", "c"))
    table = np.array([[-0.51, 0.59], [-0.6, 0.35], [-0.64, 0.6], [0.81, 0.51], [-0.63, -0.27],
                      [0.4, 0.67], [0.2, -0.1]])  # fmt: skip

    happy = target(one_hot(HAPPY), table, space)
    torn = target(0.5 * one_hot(HAPPY) + 0.5 * one_hot(SAD), table, space)
    neutral = target(one_hot(6), table, space)
    wished = target(one_hot(6), table, space, least=0.7)

    assert (happy.valence, happy.arousal) == pytest.approx((0.81, 0.51))
    assert (torn.valence, torn.arousal) == pytest.approx((0.09, 0.12))
    assert happy.strength == 1
    assert torn.strength == 0.25
    assert 0.25 <= neutral.strength < 0.6
    assert wished.strength == 0.7


def test_songs_of_which_nothing_is_known_are_neutral() -> None:
    points, features, _ = a_catalogue()
    space = Space.fit(points, features, ("a", "b", "c"))
    unknown = space.vectors(np.full((1, 2), np.nan), np.full((1, 3), np.nan))
    unmeasured = space.vectors(np.array([MOOD_POINTS["happy"]]), np.full((1, 3), np.nan))

    aim = target(one_hot(HAPPY), goal_points((0.81, 0.51)), space)

    assert aim.cosine(unknown)[0] == 0
    assert 0.5 < aim.cosine(unmeasured)[0] < 1


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_catalogues_and_constant_or_damaged_features_give_finite_vectors(size: int) -> None:
    points = np.array([[0.5, 0.5], [-0.5, 0.5]])[:size].reshape(-1, 2)
    features = np.array([[7.0, np.inf], [7.0, np.nan]])[:size].reshape(-1, 2)
    space = Space.fit(points, features, ("constant", "damaged"))

    vectors = space.vectors(points, features)
    aim = target(one_hot(HAPPY), goal_points((0.8, 0.5)), space)

    assert vectors.shape == (size, 4)
    assert np.isfinite(vectors).all()
    assert np.isfinite(aim.cosine(vectors)).all()


def test_what_carries_over_to_other_moods_holds_nothing_of_the_mood() -> None:
    points, features, _ = a_catalogue()
    space = Space.fit(points, features, ("a", "b", "c"))
    vectors = space.vectors(points, features)

    rest = space.carried(vectors)

    assert not rest[:, :2].any()
    by_mood = rest.reshape(len(MOODS), -1, 5).mean(axis=1)
    assert np.abs(by_mood).max() < 0.35
    assert np.linalg.norm(rest, axis=1) == pytest.approx(1)
    assert not space.carried(space.vectors(points[:1], np.full((1, 3), np.nan))).any()
