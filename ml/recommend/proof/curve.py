"""`learning-curve`: how lists of new listeners get better with each play they are known by."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.figures import mean_and_sd
from ml.recommend import hybrid
from ml.recommend.factors import Setting
from ml.recommend.proof.curve_choice import best_of, mix_for, near, searched
from ml.recommend.proof.folded import FACTORS, POPULARITY, STRENGTH, Community, Mix
from ml.recommend.proof.interactions import Interactions, read_interactions
from ml.recommend.proof.newcomers import HIDDEN, Newcomers
from ml.recommend.proof.tables import InteractionsError

PLAYS = (0, 1, 2, 3, 5, 10, 20)
LEAST_EVENTS = HIDDEN + PLAYS[-1]
LISTENERS, SAMPLES = 300, 5
#: How many of the others choose the weights, at most a third of those who could.
JUDGES = 300
_METHODS = ("curve", "als", "plain_als", "popularity")
#: ALS folded in with a common recipe, for the same listeners: what the curve should lie above.
PLAIN = Setting(reading="log", alpha=1.0, factors=64, regularisation=20.0)


def learning_curve(
    path: Path,
    *,
    search_seconds: float = 120.0,
    samples: int = SAMPLES,
    seed: int = 0,
    say: hybrid.Say = lambda line: None,
) -> dict[str, Any]:
    """NDCG@10 of 20 hidden items for listeners known by 0 to 20 plays, nothing trained on them.

    In each of several samples up to 300 listeners of 40 rows or more are held out. Others like
    them, held out for the while, choose for each number of plays how strongly the regularisation
    holds back what is folded in, and the weights of two walks and popularity beside the factors,
    which come from three starts as in the product. They choose hyper-parameters too: in the first
    sample between those that suit whole histories and some for short ones, in the others near the
    first sample's.

    Returns
    -------
    dict
        curve {plays: {mean, sd (over the samples), standard_error (over the listeners)}};
        popularity, als (the factors alone), plain_als (see PLAIN) {plays: the same}; weights
        {plays: {factors, strength, popular_walk, walk, popularity}} and parameters of each sample;
        listeners of each; samples; seconds.

    Raises
    ------
    InteractionsError
        When the file is not usable, or fewer than 6 listeners have 40 rows.
    """
    started = time.monotonic()
    data = read_interactions(path)
    able = np.flatnonzero(np.bincount(data.users) >= LEAST_EVENTS)
    if len(able) < 6:
        raise InteractionsError(
            f"{path}: {len(able)} users have {LEAST_EVENTS} rows or more, at least 6 are needed"
        )
    found: list[_Sampled] = []
    for sample in range(samples):
        random = np.random.default_rng(seed + sample)
        earlier = found[0].choice if found else None
        listeners = random.permutation(able)
        found.append(_sampled(data, listeners, random, earlier, search_seconds, say))
        ours = found[-1].ndcg["curve"]
        say(f"sample {sample}: " + ", ".join(f"{n} {one.mean():.4f}" for n, one in ours.items()))
    return {
        **{name: {str(n): _spread(found, name, n) for n in PLAYS} for name in _METHODS},
        "weights": [one.weights for one in found],
        "parameters": [one.choice.to_json() for one in found],
        "listeners": len(found[0].ndcg["curve"][0]),
        "samples": samples,
        "seconds": round(time.monotonic() - started, 1),
    }


@dataclass(frozen=True)
class _Sampled:
    """NDCG@10 of each listener of one sample, {method: {plays: (k,)}}, and what was chosen."""

    ndcg: dict[str, dict[int, np.ndarray]]
    weights: dict[str, Mix]
    choice: hybrid.Choice


def _sampled(
    data: Interactions,
    able: np.ndarray,
    random: np.random.Generator,
    earlier: hybrid.Choice | None,
    seconds: float,
    say: hybrid.Say,
) -> _Sampled:
    held = min(LISTENERS, len(able) // 3)
    tested = Newcomers.of(data, able[:held], random)
    judges = Newcomers.of(data, able[held : held + min(JUDGES, len(able) // 3)], random)

    rows = np.flatnonzero(~np.isin(data.users, [*tested.users, *judges.users]))
    if earlier is None:
        choice, settings = searched(judges, rows, seconds=seconds, say=say)
    else:
        choice, settings = earlier, near(earlier)
    others = Community.of(data.matrix(rows), choice.beta)
    choice = replace(choice, setting=best_of(settings, others, judges, say))
    learnt = others.learn(choice.setting, hybrid.STARTS)
    mixes = {plays: mix_for(learnt, judges, plays) for plays in PLAYS}

    rest = data.matrix(np.flatnonzero(~np.isin(data.users, tested.users)))
    community = Community.of(rest, choice.beta)
    learnt = community.learn(choice.setting, hybrid.STARTS)
    plain = community.learn(PLAIN)
    ndcg: dict[str, dict[int, np.ndarray]] = {name: {} for name in _METHODS}
    for plays, mix in mixes.items():
        asked = learnt.asked(tested, plays, (1.0, mix.get(STRENGTH, 1.0)))
        ndcg["curve"][plays] = asked.ndcg(mix)
        ndcg["als"][plays] = asked.ndcg({FACTORS: 1.0})
        ndcg["popularity"][plays] = asked.ndcg({POPULARITY: 1.0})
        alone = {FACTORS if plays else POPULARITY: 1.0}
        ndcg["plain_als"][plays] = plain.asked(tested, plays).ndcg(alone)
    return _Sampled(ndcg, {str(plays): mix for plays, mix in mixes.items()}, choice)


def _spread(found: list[_Sampled], name: str, plays: int) -> dict[str, float]:
    each = [one.ndcg[name][plays] for one in found]
    whole = np.concatenate(each)
    return {
        **mean_and_sd([float(one.mean()) for one in each]),
        "standard_error": float(whole.std(ddof=1) / np.sqrt(len(whole))),
    }
