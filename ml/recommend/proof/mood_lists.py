"""`mood-lists`: lists for a listener in a mood, from mood, from the community, and from both."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ml.figures import mean_and_sd
from ml.recommend import als, hybrid, neighbours
from ml.recommend.fold import fold_in
from ml.recommend.matrices import listeners_of
from ml.recommend.measures import measure
from ml.recommend.proof.cross_fit import cross_fitted, gain
from ml.recommend.proof.mood_pairs import FOLDS, Draw, Pairs, draw, pairs_of
from ml.recommend.proof.mood_tags import MoodTags, read_mood_tags
from ml.recommend.rank import collaborative_weight, normalised

#: Known plays; None is all that a listener has.
PLAYS = (0, 3, 5, 10, 20, None)
METHODS = ("mood", "collaborative", "blend", "product")
#: What the judges choose from: weight of the walk in the collaborative score, share of the
#: collaborative score in the blend, and weight of the mood's spread beside the mood.
WALKS = (0.2, 0.5)
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SPREADS = (0.0, 0.5)
#: Of the walk; the best of .3 and .5 on the validation part of `evaluate`.
BETA = 0.5


@dataclass(frozen=True)
class _Learnt:
    """What is known of the artists from the listeners outside one fold."""

    starts: list[als.Factors]
    grams: list[np.ndarray]
    walk: Any
    popularity: np.ndarray


@dataclass(frozen=True)
class _Evidence:
    """Raw scores (p, artists) float32 of one draw at one number of known plays.

    `factors` and `walk` are the popularity for pairs without a known play.
    """

    factors: np.ndarray
    walk: np.ndarray


def mood_lists(
    plays: Path,
    tags: Path,
    tag_names: Path,
    *,
    seeds: int = 5,
    say: hybrid.Say = lambda line: None,
) -> dict[str, Any]:
    """NDCG@10 of the artists to whom a listener gave a mood, half of them hidden, all ranked.

    A pair is a listener and a mood given to four artists or more. Half of the artists, by chance,
    are wanted and leave the listener's plays; the plays left are never recommended, however few
    of them are known. Methods, all without the listener's own tags:

    - mood: log1p of how many others call an artist that mood;
    - collaborative: the listener folded into factors that other folds' listeners taught, with the
      walk; popularity without a known play;
    - blend: both in units of their spread over the artists, the mood also spread to the artists
      that its own artists lead to by the walk;
    - product: the weight and the units of `ml.recommend.rank`, with the factors alone.

    Weights are chosen for each number of known plays, for each fold on the pairs of the others.

    Returns
    -------
    dict
        plays {number or "all": {method: {mean, sd over seeds}, gain: {mean, standard_error}
        of the blend over the better one alone, weights: one per fold}}; pairs, listeners, artists,
        seeds, seconds.

    Raises
    ------
    InteractionsError
        When a file is not usable or has fewer than five such listeners.
    """
    from threadpoolctl import threadpool_limits

    started = time.monotonic()
    data = read_mood_tags(plays, tags, tag_names)
    pairs = pairs_of(data)
    say(f"{len(pairs.users)} pairs of {len(np.unique(pairs.users))} listeners and moods")
    learnt = [_learn(_without(data.plays, pairs.users[pairs.folds == f])) for f in range(FOLDS)]
    mood = np.log1p(others(data, pairs))
    led = np.empty_like(mood)
    for fold, one in enumerate(learnt):
        mine = pairs.folds == fold
        led[mine] = np.expm1(mood[mine]) @ one.walk
    draws = [draw(data, pairs, seed) for seed in range(seeds)]
    found: dict[str, Any] = {}
    # Thousands of small systems are solved; threads for each cost more than they give.
    with threadpool_limits(limits=1, user_api="blas"):
        for number in PLAYS:
            name = "all" if number is None else str(number)
            found[name] = _compared(pairs, learnt, (mood, led), draws, number)
            told = ", ".join(f"{method} {found[name][method]['mean']:.4f}" for method in METHODS)
            say(f"{name} plays: {told}")
    return {
        "plays": found,
        "pairs": len(pairs.users),
        "listeners": len(np.unique(pairs.users)),
        "artists": data.plays.shape[1],
        "seeds": seeds,
        "seconds": round(time.monotonic() - started, 1),
    }


def others(data: MoodTags, pairs: Pairs) -> np.ndarray:
    """(p, artists) float32: how many people but the pair's own call each artist the mood."""
    counted = data.people()[pairs.moods]
    for row, own in enumerate(pairs.own):
        counted[row, own] -= 1
    return counted


def _without(plays: Any, users: np.ndarray) -> Any:
    kept = np.ones(plays.shape[0], dtype=bool)
    kept[users] = False
    return plays[np.flatnonzero(kept)]


def _learn(plays: Any) -> _Learnt:
    """By the product's own recipe, from as many starts as ours in `evaluate`."""
    confidences = _confidences(plays)
    starts = [
        als.train(confidences, threads=os.cpu_count() or 1, seed=start)
        for start in range(hybrid.STARTS)
    ]
    wide = [start.item.astype(np.float64) for start in starts]
    return _Learnt(
        starts=starts,
        grams=[items.T @ items for items in wide],
        walk=neighbours.walk(plays, alpha=1.0, beta=BETA).astype(np.float32),
        popularity=np.log1p(listeners_of(plays).astype(np.float32)),
    )


def _confidences(plays: Any) -> Any:
    known = plays.astype(np.float32)
    known.data = np.log1p(known.data)
    return known


def _evidence(pairs: Pairs, learnt: list[_Learnt], known: Any) -> _Evidence:
    factors = np.empty(known.shape, dtype=np.float32)
    walk = np.empty_like(factors)
    confidences = _confidences(known)
    for row, fold in enumerate(pairs.folds):
        one, mine = learnt[fold], confidences[row]
        if not mine.nnz:
            factors[row] = walk[row] = one.popularity
            continue
        factors[row] = sum(
            start.item
            @ fold_in(mine.data, start.item[mine.indices], gram, start.recipe.regularisation)
            for start, gram in zip(one.starts, one.grams, strict=True)
        )
        walk[row] = np.asarray(one.walk[mine.indices].sum(axis=0)).ravel()
    return _Evidence(factors, walk)


def _compared(
    pairs: Pairs,
    learnt: list[_Learnt],
    moods: tuple[np.ndarray, np.ndarray],
    draws: list[Draw],
    number: int | None,
) -> dict[str, Any]:
    """The methods at one number of known plays, over all draws."""
    mood, led = moods
    feelings = [hybrid.units(hybrid.units(mood) + spread * hybrid.units(led)) for spread in SPREADS]
    tried: dict[str, list[list[np.ndarray]]] = {method: [] for method in METHODS}
    for one in draws:
        known = one.known(number)
        evidence = _evidence(pairs, learnt, known)
        walked = hybrid.units(evidence.walk)
        tastes = [hybrid.units(hybrid.units(evidence.factors) + walk * walked) for walk in WALKS]
        tried["mood"].append([_ndcg(mood, one)])
        tried["collaborative"].append([_ndcg(taste, one) for taste in tastes])
        tried["blend"].append(
            [
                _ndcg(share * taste + (1 - share) * feeling, one)
                for taste, share, feeling in product(tastes, SHARES, feelings)
            ]
        )
        tried["product"].append([_ndcg(_by_the_product(mood, evidence, known), one)])
    settled = {
        method: cross_fitted(np.array(some).swapaxes(0, 1), pairs.folds)
        for method, some in tried.items()
    }
    alone = max(
        (settled[method][0] for method in ("mood", "collaborative")), key=lambda some: some.mean()
    )
    choices = list(product(WALKS, SHARES, SPREADS))
    return {
        **{method: mean_and_sd(some.mean(axis=1)) for method, (some, _) in settled.items()},
        "gain": gain(settled["blend"][0] - alone, pairs.users),
        "weights": [
            dict(zip(("walk", "collaborative", "spread"), choices[chosen], strict=True))
            for chosen in settled["blend"][1]
        ],
    }


def _ndcg(scores: np.ndarray, one: Draw) -> np.ndarray:
    """(p,) with all plays that are left kept out of the ranking."""
    return measure(lambda rows: scores[rows], one.plays, one.wanted).ndcg


def _by_the_product(mood: np.ndarray, evidence: _Evidence, known: Any) -> np.ndarray:
    artists = mood.shape[1]
    scores = np.empty_like(mood)
    for row, count in enumerate(np.diff(known.indptr)):
        weight = collaborative_weight(int(count), artists, artists)
        community = normalised(evidence.factors[row])
        scores[row] = weight * community + (1 - weight) * normalised(mood[row])
    return scores
