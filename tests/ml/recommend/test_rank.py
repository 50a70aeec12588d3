"""Scores, their parts, and the spread of a list."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ml.recommend.dial import Dial
from ml.recommend.explore import Evidence, Exploration, places_tried
from ml.recommend.fresh import MOST, fresh
from ml.recommend.rank import PARTS, POPULARITY, collaborative_weight, normalised, rank
from ml.recommend.spread import Groups


def all_of(n: int, **given: Any) -> dict[str, Any]:
    """Arguments of `rank` for n songs of n artists that say nothing, but for those given."""
    return {
        "mood": np.zeros(n),
        "strength": 1.0,
        "collaborative": None,
        "weight": 0.0,
        "taste": np.zeros(n),
        "fresh": np.zeros(n),
        "groups": Groups(np.arange(n), np.arange(n)),
        "allowed": np.ones(n, dtype=bool),
        "size": 20,
        **given,
    }


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
        **all_of(
            n,
            mood=chance.uniform(-1, 1, n).astype(np.float32),
            strength=0.8,
            collaborative=chance.normal(0, 1, n).astype(np.float32),
            weight=0.4,
            taste=chance.uniform(-0.5, 0.5, n),
            fresh=-chance.uniform(0, 0.2, n),
        )
    )

    assert ranking.parts.sum(axis=1) == pytest.approx(ranking.scores, abs=1e-12)
    assert (ranking.chances == 1).all()
    assert not ranking.tried.any()
    assert list(ranking.scores) == sorted(ranking.scores, reverse=True)
    assert len(set(ranking.songs.tolist())) == 20


def test_damaged_values_never_decide() -> None:
    bad = np.array([np.nan, np.inf, -np.inf, 0.5, 1e300])

    ranking = rank(**all_of(5, mood=bad, fresh=np.array([0, 0, np.nan, 0, 0.0])))

    assert ranking.songs[0] == 3
    assert ranking.scores == pytest.approx([0.5, 0, 0, 0, 0])


def test_a_hit_loses_a_little_of_what_the_community_says() -> None:
    raw = np.linspace(0, 1, 100).astype(np.float32)
    popularity = np.zeros(100)
    popularity[99] = 1

    plain = rank(**all_of(100, collaborative=raw, weight=0.5, size=2))
    corrected = rank(**all_of(100, collaborative=raw, weight=0.5, size=2, popularity=popularity))

    lost = plain.parts[plain.songs == 99, 1] - corrected.parts[corrected.songs == 99, 1]
    assert plain.songs[0] == 99
    assert corrected.songs[0] == 98
    assert lost == pytest.approx(0.5 * POPULARITY)
    assert corrected.parts.sum(axis=1) == pytest.approx(corrected.scores, abs=1e-12)


def test_fresh_is_a_bounded_price_that_fades_over_a_week() -> None:
    shown = np.array([0, 1, 0, 2, 4, 5, 6, 6])
    days = np.array([0, 0, 3.5, 3.5, 7, 400.0, 3.5, 0])

    price = fresh(8, np.array([0, 3]), shown, days)

    assert price == pytest.approx([MOST, -0.12, -0.06, -0.10, 0, 0, -0.12, 0])


@pytest.mark.slow
def test_ten_thousand_lists_keep_every_rule_whatever_they_are_made_of() -> None:
    """Small, large, damaged and empty catalogues; with and without dial and exploration."""
    for seed in range(10_000):
        broken = _broken_rule(np.random.default_rng(seed))
        assert broken == "", f"seed {seed}: {broken}"


def _broken_rule(dice: np.random.Generator) -> str:
    """Make a list of something random; the first rule that it breaks, or ""."""
    n = int(
        dice.choice(
            [0, 1, 2, 5, 20, 60, 300, 1500], p=[0.03, 0.05, 0.05, 0.1, 0.3, 0.3, 0.15, 0.02]
        )
    )
    size = int(dice.integers(1, 51))
    damage = np.array([np.nan, np.inf, -np.inf, 1e300, 0.0])

    def values(scale: float) -> np.ndarray:
        drawn = dice.normal(0, scale, n)
        hit = dice.random(n) < dice.choice([0, 0.05, 1], p=[0.6, 0.35, 0.05])
        drawn[hit] = dice.choice(damage, int(hit.sum()))
        return drawn

    songs = np.arange(n)
    artists = dice.integers(0, max(1, int(n * dice.choice([0.02, 0.3, 2]))), n)
    # Versions are of the same artist's songs.
    versions = artists * 1000 + dice.integers(0, int(dice.choice([1, 3, 900])), n)
    allowed = dice.random(n) < dice.choice([0, 0.1, 0.9, 1], p=[0.03, 0.17, 0.5, 0.3])
    known = dice.permutation(songs)[: int(n * dice.choice([0, 0.1, 0.5, 1]))]
    share = dice.choice([-1, 0, 0.1, 0.35, 0.5, 1])
    dial = Dial(
        known,
        dice.integers(0, 5, len(known)),
        None if share < 0 else float(share),
        bool(dice.integers(2)),
    )
    ask: list[int] = []

    def evidence(asked: np.ndarray) -> Evidence:
        ask.append(len(asked))
        return Evidence(*(dice.integers(0, 40, len(asked)).astype(float) for _each in range(3)))

    exploring = dice.random() < 0.7
    ranking = rank(
        mood=values(0.5),
        strength=float(dice.random()),
        collaborative=values(3.0) if dice.random() < 0.7 else None,
        weight=float(dice.random()),
        popularity=np.abs(values(0.3)),
        taste=values(0.3),
        fresh=values(0.1),
        groups=Groups(artists, versions),
        allowed=allowed,
        size=size,
        dial=dial,
        exploration=Exploration(dice, dice.random(n) < 0.2, evidence) if exploring else None,
    )

    held = ranking.songs
    different = len(np.unique(versions[allowed]))
    new = ~np.isin(held, known)
    new_known = np.isin(songs, known)
    rules = {
        "as long as it can be": len(held) == min(size, different),
        "only songs that are allowed": bool(allowed[held].all()),
        "no version twice": len(np.unique(versions[held])) == len(held),
        "scores are numbers": bool(np.isfinite(ranking.scores).all()),
        "parts sum to the score": bool(
            (np.abs(ranking.parts.sum(axis=1) - ranking.scores) < 1e-9).all()
        ),
        "the price is no gift": bool((ranking.parts[:, PARTS.index("fresh")] <= 0).all()),
        "only what was tried has that part": bool(
            (ranking.parts[~ranking.tried, PARTS.index("explore")] == 0).all()
        ),
        "chances are chances": bool(((ranking.chances > 0) & (ranking.chances <= 1)).all()),
        "scores decide with certainty": bool((ranking.chances[~ranking.tried] == 1).all()),
        "one or two of ten are tried": int(ranking.tried.sum())
        == (places_tried(len(held)) if exploring else 0),
        "the evidence is asked for once": len(ask) <= 1,
    }
    if share >= 0 and len(held):
        wanted = share * len(held)
        reachable_new = len(np.unique(versions[allowed & ~new_known]))
        reachable_known = len(np.unique(versions[allowed & new_known]))
        if (
            len(held) == size
            and reachable_new >= wanted + 1
            and reachable_known >= size - wanted + 1
        ):
            pure = not set(versions[allowed & new_known]) & set(versions[allowed & ~new_known])
            rules["the dial is met"] = not pure or abs(new.sum() - wanted) <= max(0.5, 0.1 * size)
    if dial.familiar_first:
        plays = dict(zip(known.tolist(), dial.plays.tolist(), strict=True))
        played = [plays[song] for song in held.tolist() if song in plays]
        rules["familiar first"] = (
            played == sorted(played, reverse=True) and not new[: len(played)].any()
        )
    else:
        by = artists[held]
        most = int(np.unique(by, return_counts=True)[1].max()) if len(by) else 0
        if most <= (len(by) + 1) // 2:
            rules["neighbours differ"] = not bool((by[1:] == by[:-1]).any())
    return next((name for name, kept in rules.items() if not kept), "")


def test_songs_of_one_listener_alone_are_ranked_by_their_whole_mood() -> None:
    mood = np.array([0.9, 0.9, 0.5, 0.9], dtype=np.float32)
    community = np.array([3.0, 1.0, 2.0, np.nan], dtype=np.float32)
    given = {"mood": mood, "collaborative": community, "weight": 0.7, "size": 4}

    shared = rank(**all_of(4, **given))
    with_own = rank(**all_of(4, **given, own=np.array([3])))
    on_the_way = rank(**all_of(4, **{**given, "mood": np.tile(mood, (4, 1))}, own=np.array([3])))

    # Nothing is known of the last: as good as the middle, and its mood counts for a third.
    assert shared.parts[shared.songs.tolist().index(3)] == pytest.approx([0.27, 0, 0, 0, 0])
    for ranking in (with_own, on_the_way):
        assert ranking.parts[ranking.songs.tolist().index(3)] == pytest.approx([0.9, 0, 0, 0, 0])
    assert with_own.songs.tolist()[:2] == [0, 3]
