"""What one listener's feedback does, from the first event on."""

from __future__ import annotations

import numpy as np
import pytest

from ml.mood import Space
from ml.recommend.feedback import faded, liking_value, signed_value
from ml.recommend.taste import Liking, Taste, carry, taste


@pytest.fixture
def songs() -> tuple[np.ndarray, np.ndarray, Space]:
    """200 songs, ten of each artist; feature "warm" has nothing to do with the mood."""
    chance = np.random.default_rng(2)
    points = chance.uniform(-1, 1, (200, 2))
    features = np.column_stack([chance.normal(size=200), points[:, 1] + chance.normal(size=200)])
    space = Space.fit(points, features, ("warm", "fast"))
    return space.vectors(points, features), np.arange(200) // 10, space


def scored(songs: tuple[np.ndarray, np.ndarray, Space], liking: Liking) -> Taste:
    vectors, artists, space = songs
    return taste(vectors, space.carried(vectors), artists, liking)


def said(*rows: tuple[int, float, float]) -> Liking:
    songs, here, elsewhere = zip(*rows, strict=True) if rows else ((), (), ())
    return Liking(np.array(songs, dtype=np.int64), np.array(here), np.array(elsewhere))


def test_without_feedback_there_is_no_taste(songs: tuple[np.ndarray, np.ndarray, Space]) -> None:
    assert not scored(songs, said()).total.any()


def test_the_first_rating_moves_like_songs_in_its_direction(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    vectors, artists, _space = songs
    near = np.argsort(-(vectors @ vectors[7]))
    near = near[artists[near] != artists[7]]

    up = scored(songs, said((7, 1, 0)))
    down = scored(songs, said((7, -1, 0)))

    assert up.profile[near[:5]].min() > 0.09
    assert down.profile[near[:5]].max() < -0.09
    assert up.own[7] == pytest.approx(0.3)
    assert up.total[7] == up.total.max()
    assert down.total[7] == down.total.min()


def test_the_profile_grows_with_evidence(songs: tuple[np.ndarray, np.ndarray, Space]) -> None:
    vectors, _artists, _space = songs
    alike = [int(index) for index in np.argsort(-(vectors @ vectors[7]))[:10]]

    strengths = [
        scored(songs, said(*[(s, 1, 0) for s in alike[:n]])).profile[7] for n in (1, 3, 10)
    ]

    assert strengths == sorted(strengths)
    assert strengths[0] == pytest.approx(0.6 * 1 / 4, rel=0.01)


def test_a_liking_in_another_mood_carries_the_sound_but_not_the_mood(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    liked = said((7, 0, 1))

    elsewhere = scored(songs, liked)

    assert not elsewhere.whole.any()
    assert not elsewhere.sound[0, :2].any()
    assert elsewhere.profile[7] > 0.05
    assert elsewhere.own[7] == pytest.approx(0.15)


def test_three_dislikes_push_an_artist_down_and_one_does_much_less(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    once = scored(songs, said((0, -1, 0))).artist
    thrice = scored(songs, said((0, -1, 0), (1, -1, 0), (2, 0, -0.5))).artist
    torn = scored(
        songs,
        said((0, -1, 0), (1, -1, 0), (2, -1, 0), (3, 1, 0), (4, 1, 0)),
    ).artist

    assert once[9] == pytest.approx(-0.1)
    assert thrice[9] == pytest.approx(-0.3 * 2.5 / 5 - 0.5)
    assert torn[9] == pytest.approx(-0.3 * 1 / 7)
    assert once[10:] == pytest.approx(0)


def test_two_tastes_at_odds_cancel_in_one_mood_but_not_across_moods(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    vectors, _artists, _space = songs
    alike = int(np.argsort(-(vectors @ vectors[7]))[5])

    torn = scored(songs, said((7, 1, 0), (alike, -1, 0)))
    mood_apart = scored(songs, said((7, 1, -1)))

    assert abs(torn.profile[alike]) < 0.3
    assert mood_apart.own[7] == pytest.approx(0.3)


def test_two_opposite_tastes_in_two_moods_are_both_served(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    # Given ten warm songs loved when happy, and three of them heard and disliked when sad
    vectors, _artists, space = songs
    warm = np.argsort(-space.carried(vectors)[:, 2])
    alike, cold = warm[15], warm[-15]
    loved = [(int(song), 1.0) for song in warm[:10]]
    disliked = [(int(song), -1.0) for song in warm[20:23]]

    when_happy = scored(
        songs, said(*((s, v, 0) for s, v in loved), *((s, 0, v) for s, v in disliked))
    )
    when_sad = scored(
        songs, said(*((s, 0, v) for s, v in loved), *((s, v, 0) for s, v in disliked))
    )

    # Then each mood has its own, although the other's words are three times as many
    assert when_happy.profile[alike] > when_happy.profile[cold] + 0.3
    assert when_sad.profile[alike] < when_sad.profile[cold] - 0.1


def test_a_mood_nobody_spoke_in_has_the_taste_of_the_others(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    vectors, _artists, space = songs
    warm = np.argsort(-space.carried(vectors)[:, 2])

    elsewhere = scored(songs, said(*((int(song), 0, 1) for song in warm[:10])))

    assert elsewhere.profile[warm[15]] > elsewhere.profile[warm[-15]] + 0.2


@pytest.mark.parametrize(
    ("elsewhere", "worth"),
    [
        (0, 0.3),
        # The conditional mean for two moods, correlation .3, noise 3 times the variance, one word
        # here and ten there: [1, .3] C^-1 with C = [[1 + 3, .3], [.3, 1 + 3 / 10]].
        (10, (0.3 * 3 / (4 * 1.3 - 0.09)) / 10 / ((1.3 - 0.09) / (4 * 1.3 - 0.09))),
        (1e9, 0.0),
    ],
)
def test_what_is_said_in_other_moods_counts_less_the_more_it_is(
    elsewhere: float, worth: float
) -> None:
    assert carry(elsewhere) == pytest.approx(worth, abs=1e-8)
    assert elsewhere * carry(elsewhere) < 3 * 0.3 / 0.91


def test_likings_that_contradict_each_other_have_less_effect(
    songs: tuple[np.ndarray, np.ndarray, Space],
) -> None:
    vectors, artists, _space = songs
    alike = [int(song) for song in np.argsort(-(vectors @ vectors[7])) if artists[song] != 0][:10]

    agreed = scored(songs, said(*((song, 1, 0) for song in alike)))
    torn = scored(songs, said(*((song, (-1) ** n, 0) for n, song in enumerate(alike[:9]))))

    def effect(found: Taste) -> float:
        return float(np.linalg.norm(found.whole.sum(axis=0)))

    assert effect(agreed) == pytest.approx(0.4 * 0.6 * 10 / 13, rel=1e-3)
    assert effect(torn) < 0.4 * effect(agreed)


@pytest.mark.parametrize(
    ("events", "liking", "confidence"),
    [
        ({"stars": 5}, 1, 4),
        ({"stars": 4}, 0.5, 2),
        ({"stars": 3}, 0, 0),
        ({"stars": 1}, -1, -4),
        ({"completed": 1}, 0.2, 2 * np.log(2)),
        ({"skipped": 1}, -0.25, -1),
        ({"stars": 2, "completed": 50}, -0.5, -2),
        ({"stars": 4, "skipped": 50}, 0.5, 2),
        ({}, 0, 0),
    ],
)
def test_events_on_one_scale(events: dict[str, int], liking: float, confidence: float) -> None:
    assert liking_value(**events) == pytest.approx(liking)
    assert signed_value(**events) == pytest.approx(confidence)


def test_never_is_final() -> None:
    assert signed_value(stars=5, completed=9, never=True) == -6


@pytest.mark.parametrize(
    ("plays", "months", "worth"),
    [(0, 0, 0), (4, 0, 4), (4, 6, 2), (4, 12, 1), (1, -3, 1), (100, 600, 0)],
)
def test_plays_fade_by_half_in_six_months(plays: int, months: int, worth: float) -> None:
    assert faded(plays, months=months) == pytest.approx(worth, abs=1e-9)
