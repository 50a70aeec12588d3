"""What pulls a target where: arousal before valence, wished sounds, and how far from the middle."""

from __future__ import annotations

import numpy as np
import pytest

from ml.audio.catalogue import MOOD_POINTS, pieces
from ml.audio.features_file import demo_features
from ml.emotion.labels import EMOTIONS
from ml.mood import Space, target
from ml.mood.target import WISH

NAMES = ("dynamic_range_db", "instrumentalness", "same")
EVEN = np.full(7, 1 / 7)
FOCUS = np.tile((0.3, -0.25), (7, 1))


@pytest.fixture(scope="module")
def songs() -> tuple[np.ndarray, np.ndarray]:
    """Points all over the plane, and features that have nothing to do with them."""
    chance = np.random.default_rng(3)
    points = chance.uniform(-1, 1, (2000, 2))
    noise = chance.normal(0, 1, (2000, 2))
    features = np.column_stack([9 + 3 * noise[:, 0], 0.5 + 0.2 * noise[:, 1], np.ones(2000)])
    return points, features


def wish(**values: float) -> dict[str, np.ndarray]:
    return {name: np.full(7, value) for name, value in values.items()}


def test_arousal_weighs_more_than_valence(songs: tuple[np.ndarray, np.ndarray]) -> None:
    # Given a target in the upper right corner, and two songs, each of which misses one side of it
    space = Space.fit(*songs, NAMES)
    aim = target(EVEN, np.tile((0.6, 0.6), (7, 1)), space)
    points = np.array([[-0.2, 0.6], [0.6, -0.2]])

    right_arousal, right_valence = aim.cosine(
        space.vectors(points, np.tile(space.mean[2:], (2, 1)))
    )

    assert right_arousal > right_valence + 0.2


def test_wished_sounds_come_first_and_the_mood_stays(
    songs: tuple[np.ndarray, np.ndarray],
) -> None:
    points, features = songs
    space = Space.fit(points, features, NAMES)
    vectors, nobody = space.vectors(points, features), np.array([], dtype=int)

    plain = target(EVEN, FOCUS, space)
    wished = target(
        EVEN, FOCUS, space, wishes=wish(dynamic_range_db=-1, instrumentalness=1, speechiness=-1)
    )
    before = np.argsort(-plain.agreement(vectors, nobody, space))[:50]
    after = np.argsort(-wished.agreement(vectors, nobody, space))[:50]

    assert features[after, 0].mean() < features[before, 0].mean() - 1.5
    assert features[after, 1].mean() > features[before, 1].mean() + 0.1
    assert (points[after, 0] > 0).mean() > 0.9
    assert (points[after, 1] < 0).mean() > 0.9


def test_a_wish_is_worth_what_it_says_and_no_more(songs: tuple[np.ndarray, np.ndarray]) -> None:
    space = Space.fit(*songs, NAMES)
    aim = target(EVEN, FOCUS, space, wishes=wish(instrumentalness=1.0))
    mean, spread = space.mean[2:], 1 / space.inverse_scale[3]
    sounds = np.tile(mean, (4, 1))
    sounds[:, 1] += np.array([0.0, 1.0, 9.0, -9.0]) * spread
    # Songs of average length in the space: elsewhere in it only their direction counts.
    vectors = np.zeros((4, 5), dtype=np.float32)
    vectors[:, 3] = np.array([0.0, 1.0, 9.0, -9.0]) * space.weights[3]

    assert aim.fulfilment(vectors) == pytest.approx([0, 1, 1, -1])
    silent = target(EVEN, FOCUS, space)
    gained = aim.agreement(vectors, np.array([0]), space) - silent.agreement(
        vectors, np.array([0]), space
    )
    assert gained == pytest.approx(WISH * np.array([0, 1, 1, -1]), abs=1e-6)


def test_a_wish_counts_as_far_as_the_emotions_that_have_it(
    songs: tuple[np.ndarray, np.ndarray],
) -> None:
    space = Space.fit(*songs, NAMES)
    sad = EMOTIONS.index("sad")
    only_sad = np.where(np.arange(7) == sad, 1.0, np.nan)
    torn = np.eye(7)[sad] * 0.25 + np.eye(7)[0] * 0.75

    whole = target(np.eye(7)[sad], FOCUS, space, wishes={"instrumentalness": only_sad})
    part = target(torn, FOCUS, space, wishes={"instrumentalness": only_sad})
    none = target(np.eye(7)[0], FOCUS, space, wishes={"instrumentalness": only_sad})

    assert part.wish == pytest.approx(0.25 * whole.wish)
    assert not none.wish.any()


def test_wishes_for_what_a_catalogue_lacks_change_nothing(
    songs: tuple[np.ndarray, np.ndarray],
) -> None:
    space = Space.fit(*songs, NAMES)
    vectors = space.vectors(*songs)

    wished = target(EVEN, FOCUS, space, wishes=wish(speechiness=-1, same=1))

    assert not wished.wish.any()
    plain = target(EVEN, FOCUS, space)
    nobody = np.array([], dtype=int)
    assert wished.agreement(vectors, nobody, space) == pytest.approx(
        plain.agreement(vectors, nobody, space), abs=0
    )


@pytest.mark.parametrize(("share", "best"), [(0.6, "calm"), (0.8, "happy")])
def test_six_tenths_of_a_lift_would_leave_a_sad_listener_in_the_middle(
    share: float, best: str
) -> None:
    """Why the first policy goes .8 of the way: a cosine needs a point away from the centre."""
    features = demo_features()
    names = tuple(sorted(next(iter(features.values()))))
    points = np.array([MOOD_POINTS[piece.mood] for piece in pieces()])
    sounds = np.array([[features[piece.slug][name] for name in names] for piece in pieces()])
    space = Space.fit(points, sounds, names)
    sad, lift = np.array([-0.63, -0.27]), np.array([0.6, 0.3])

    aim = target(EVEN, np.tile(sad + share * (lift - sad), (7, 1)), space, least=0.7)
    first = np.argsort(-aim.cosine(space.vectors(points, sounds)))[:20]

    assert {pieces()[index].mood for index in first} == {best}
