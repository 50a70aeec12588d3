"""What one situation adds to a taste, and when it adds nothing."""

from __future__ import annotations

import numpy as np
import pytest

from ml.recommend.context import InContext, offset
from ml.recommend.taste import Liking, taste

#: 200 songs of ten sounds' worth of directions, five of each artist.
SONGS = 200


@pytest.fixture
def sounds() -> np.ndarray:
    """(200, 4) the songs' sounds; the first feature is warmth."""
    chance = np.random.default_rng(3)
    drawn = chance.normal(size=(SONGS, 4))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def artists() -> np.ndarray:
    return np.arange(SONGS) // 5


def liking(
    words: dict[int, float], there: dict[int, float] | None = None, *, chosen: bool = True
) -> Liking:
    """Words on songs in this mood, and those of them said in the situation."""
    songs = np.array(list(words), dtype=np.int64)
    contexts: tuple[InContext, ...] = ()
    if there is not None:
        rows = np.array([list(words).index(song) for song in there], dtype=np.int64)
        contexts = (InContext("activity", rows, np.array(list(there.values())), chosen),)
    here = np.array(list(words.values()), dtype=np.float64)
    return Liking(songs, here, np.zeros(len(songs)), contexts=contexts)


def total(sounds: np.ndarray, artists: np.ndarray, said: Liking) -> np.ndarray:
    return taste(sounds, sounds, artists, said).total


@pytest.mark.parametrize("chosen", [True, False])
def test_fewer_than_three_words_change_no_bit(
    sounds: np.ndarray, artists: np.ndarray, chosen: bool
) -> None:
    words = {song: (-1.0) ** song for song in range(0, 60, 3)}
    few = {0: 1.0, 3: -1.0, 6: 0.0}

    plain = total(sounds, artists, liking(words))

    assert total(sounds, artists, liking(words, few, chosen=chosen)).tobytes() == plain.tobytes()
    assert total(sounds, artists, liking(words, {}, chosen=chosen)).tobytes() == plain.tobytes()


def test_the_time_of_day_counts_only_beside_other_times(
    sounds: np.ndarray, artists: np.ndarray
) -> None:
    words = dict.fromkeys(range(3), -1.0)
    more = {**words, 50: 1.0, 60: 1.0, 70: 1.0}

    def terms(all_words: dict[int, float], *, chosen: bool) -> int:
        return len(taste(sounds, sounds, artists, liking(all_words, words, chosen=chosen)).contexts)

    assert terms(words, chosen=False) == 0
    assert terms(more, chosen=False) == 1
    assert terms(words, chosen=True) == 1


def test_three_dislikes_there_push_the_artist_further_down_there(
    sounds: np.ndarray, artists: np.ndarray
) -> None:
    words = dict.fromkeys(range(3), -1.0)

    tasted = taste(sounds, sounds, artists, liking(words, words))

    # By the artist term alone: -.3 * 3 / (3 + 4), and nothing for anybody else's songs
    sound = 0.36 * (-sounds[:3].sum(axis=0) / (3 + 6))
    expected = sounds @ sound
    expected[:5] -= 0.3 * 3 / 7
    assert tasted.contexts["activity"] == pytest.approx(expected, abs=1e-5)


def test_a_word_that_others_foretell_adds_little(artists: np.ndarray) -> None:
    # Given songs of one sound by many artists, 27 of them liked outside and three in the situation
    alike = np.tile(np.array([0.6, 0.8], dtype=np.float32), (SONGS, 1))
    songs, words = np.arange(0, 150, 5), np.ones(30)

    def at_rest(said: float) -> float:
        there = InContext("activity", np.arange(3), np.full(3, said), chosen=True)
        term = offset(alike, artists, songs, words, there)
        assert term is not None
        return float(term[-1])

    # 27 words foretell 27 / (27 + 3) of a word on the same sound
    assert at_rest(1.0) == pytest.approx(0.36 * 3 * 0.1 / (3 + 6), rel=1e-4)
    assert at_rest(0.2) == pytest.approx(0.36 * 0.6 * 0.1 / (0.6 + 6), rel=1e-4)
    assert at_rest(-1.0) == pytest.approx(-0.36 * 3 * 1.9 / (3 + 6), rel=1e-4)


def test_opposite_tastes_by_activity_are_both_served(
    sounds: np.ndarray, artists: np.ndarray
) -> None:
    # Given warm songs loved while exercising and disliked while relaxing, in the same mood
    warm = [int(song) for song in np.argsort(-sounds[:, 0])]
    loved, disliked = dict.fromkeys(warm[:16:2], 1.0), dict.fromkeys(warm[1:16:2], -1.0)
    words = {**loved, **disliked}
    rest = np.array([song for song in warm if artists[song] not in {artists[s] for s in words}])
    alike, cold = rest[:5], rest[-5:]

    exercising, relaxing, otherwise = (
        total(sounds, artists, liking(words, there)) for there in (loved, disliked, None)
    )

    # Then each has its own, and a list for neither stands between them
    assert exercising[alike].mean() > exercising[cold].mean() + 0.2
    assert relaxing[alike].mean() < relaxing[cold].mean() - 0.2
    assert relaxing[alike].mean() < otherwise[alike].mean() < exercising[alike].mean()


def test_songs_without_a_sound_have_no_offset_but_their_artist_s(artists: np.ndarray) -> None:
    silent = np.zeros((SONGS, 4), dtype=np.float32)
    there = InContext("activity", np.arange(3), np.full(3, -1.0), chosen=True)

    term = offset(silent, artists, np.arange(4), np.array([-1.0, -1.0, -1.0, 1.0]), there)

    # The artist's fourth song is liked elsewhere: each word there says 1 + 1 / 4 less than that
    assert term is not None
    assert term[:5] == pytest.approx(-0.3 * 3 * 1.25 / 7)
    assert not term[5:].any()


def test_the_parts_of_a_taste_sum_to_it(sounds: np.ndarray, artists: np.ndarray) -> None:
    words = dict.fromkeys(range(0, 30, 3), 1.0)
    tasted = taste(sounds, sounds, artists, liking(words, dict.fromkeys(range(0, 12, 3), 1.0)))

    terms = [tasted.profile, tasted.own, tasted.artist, tasted.favourite]
    assert tasted.total == pytest.approx(sum(terms) + tasted.contexts["activity"], abs=1e-6)
    assert tasted.contexts["activity"].dtype == tasted.total.dtype == np.float32
