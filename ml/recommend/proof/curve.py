"""`learning-curve`: how lists of new listeners get better with each play they are known by."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ml.figures import mean_and_sd
from ml.recommend import hybrid, neighbours
from ml.recommend.als import Factors, strongest
from ml.recommend.factors import Setting
from ml.recommend.fold import fold_in
from ml.recommend.matrices import listeners_of
from ml.recommend.measures import measure
from ml.recommend.proof import splits
from ml.recommend.proof.interactions import Interactions, read_interactions
from ml.recommend.proof.tables import InteractionsError

PLAYS = (0, 1, 2, 3, 5, 10, 20)
HIDDEN = 20
LEAST_EVENTS = HIDDEN + PLAYS[-1]
LISTENERS, SAMPLES = 300, 5
#: How many of the others choose the weights, at most a third of those who could.
JUDGES = 300
_METHODS = ("curve", "als", "plain_als", "popularity")
#: ALS folded in with a common recipe, for the same listeners: what the curve should lie above.
PLAIN = Setting(reading="log", alpha=1.0, factors=64, regularisation=20.0)
#: Settings that may suit short histories better than the one chosen on whole ones: log-read values
#: times 4, so many factors, and these shares of the strongest direction.
SHORT_ALPHA, SHORT_FACTORS, SHORT_SHARES = 4.0, (64, 128), (0.03, 0.04, 0.055)
#: How many plays are known where settings are compared, and the weight of the walk there.
COMPARED_AT, COMPARED_WALK = (3, 10), 0.3
WALK_WEIGHTS = (0.0, 0.2, 0.5, 1.0)
POPULARITY_WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class _Newcomers:
    """Listeners nobody has learnt from: `order` holds each one's rows by chance, hidden first."""

    users: np.ndarray
    order: list[np.ndarray]

    def known(self, data: Interactions, plays: int) -> Any:
        return data.matrix(np.concatenate([rows[HIDDEN : HIDDEN + plays] for rows in self.order]))

    def wanted(self, data: Interactions) -> Any:
        return data.matrix(np.concatenate([rows[:HIDDEN] for rows in self.order]))


@dataclass(frozen=True)
class _Learnt:
    """What is known of the items from the other listeners."""

    choice: hybrid.Choice
    factors: Factors
    gram: np.ndarray
    walk: Any
    popularity: np.ndarray

    def parts(self, known: Any, users: np.ndarray) -> tuple[np.ndarray, ...]:
        """Preference, walk and popularity of all items for users, each in units."""
        confidences = self.choice.setting.confidences(known)
        items = self.factors.item
        folded = np.stack([
            fold_in(
                confidences[user].data, items[confidences[user].indices], self.gram,
                self.choice.setting.regularisation,
            )
            for user in users
        ])  # fmt: skip
        walked = neighbours.scorer(known, self.walk)(users)
        return (
            hybrid.units(folded @ items.T),
            hybrid.units(walked),
            np.broadcast_to(hybrid.units(self.popularity[None])[0], walked.shape),
        )


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
    them, held out for the while, choose the weights of walk and popularity for each number of
    plays. They choose hyper-parameters too: in the first sample between those that suit whole
    histories and some for short ones, in the others near the first sample's.

    Returns
    -------
    dict
        curve {plays: {mean, sd (over the samples), standard_error (over the listeners)}};
        popularity, als (the factors alone), plain_als (see PLAIN) {plays: the same}; weights
        {plays: {walk, popularity}} and parameters of each sample; listeners of each; samples;
        seconds.

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
        near = found[0].choice if found else None
        found.append(_sampled(data, random.permutation(able), random, near, search_seconds, say))
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
    weights: dict[str, dict[str, float]]
    choice: hybrid.Choice


def _sampled(
    data: Interactions,
    able: np.ndarray,
    random: np.random.Generator,
    near: hybrid.Choice | None,
    seconds: float,
    say: hybrid.Say,
) -> _Sampled:
    held = min(LISTENERS, len(able) // 3)
    tested = _newcomers(data, able[:held], random)
    judges = _newcomers(data, able[held : held + min(JUDGES, len(able) // 3)], random)

    others = np.flatnonzero(~np.isin(data.users, [*tested.users, *judges.users]))
    choice = _chosen(data, others, judges, near, seconds, say)
    learnt = _learn(data.matrix(others), choice)
    weights = {plays: _weights(learnt, data, judges, plays) for plays in PLAYS}
    rest = data.matrix(np.flatnonzero(~np.isin(data.users, tested.users)))
    learnt = _learn(rest, choice)
    plain = _learn(rest, replace(choice, setting=PLAIN))

    ndcg: dict[str, dict[int, np.ndarray]] = {name: {} for name in _METHODS}
    for plays, (walk, popularity) in weights.items():
        known, wanted = tested.known(data, plays), tested.wanted(data)
        parts = learnt.parts(known, tested.users)
        mixes = {
            "curve": (1.0, walk, popularity),
            "als": (1.0, 0.0, 0.0),
            "popularity": (0.0, 0.0, 1.0),
        }
        for name, mix in mixes.items():
            ndcg[name][plays] = _ndcg(parts, mix, tested.users, known, wanted)
        parts = plain.parts(known, tested.users)
        mix = mixes["als"] if plays else mixes["popularity"]
        ndcg["plain_als"][plays] = _ndcg(parts, mix, tested.users, known, wanted)
    named = {
        str(plays): {"walk": walk, "popularity": popularity}
        for plays, (walk, popularity) in weights.items()
    }
    return _Sampled(ndcg, named, choice)


def _spread(found: list[_Sampled], name: str, plays: int) -> dict[str, float]:
    each = [one.ndcg[name][plays] for one in found]
    whole = np.concatenate(each)
    return {
        **mean_and_sd([float(one.mean()) for one in each]),
        "standard_error": float(whole.std(ddof=1) / np.sqrt(len(whole))),
    }


def _newcomers(data: Interactions, users: np.ndarray, random: np.random.Generator) -> _Newcomers:
    chosen = np.sort(users)
    order = np.argsort(data.users, kind="stable")
    starts = np.searchsorted(data.users[order], [chosen, chosen + 1])
    rows = [order[start:end] for start, end in starts.T]
    return _Newcomers(chosen, [random.permutation(mine) for mine in rows])


def _chosen(
    data: Interactions,
    rows: np.ndarray,
    judges: _Newcomers,
    near: hybrid.Choice | None,
    seconds: float,
    say: hybrid.Say,
) -> hybrid.Choice:
    """The candidate whose folded-in lists are best for the judges."""
    matrix = data.matrix(rows)
    if near is not None:
        middle = near.setting.regularisation
        settings = [replace(near.setting, regularisation=middle * step) for step in (0.7, 1.0, 1.4)]
        first = near
    else:
        part = splits.ratio(data.only(rows), seed=0)
        train = data.matrix(rows[np.concatenate([part.train, part.test])])
        hidden = data.matrix(rows[part.validation])
        first = hybrid.choose(train, hidden, seconds=seconds, say=say)
        settings = [first.setting, *_short(matrix)]

    def judged(setting: Setting) -> float:
        learnt = _learn(matrix, replace(first, setting=setting))
        scores = []
        for plays in COMPARED_AT:
            known, wanted = judges.known(data, plays), judges.wanted(data)
            parts = learnt.parts(known, judges.users)
            mix = (1.0, COMPARED_WALK, 0.0)
            scores.append(_ndcg(parts, mix, judges.users, known, wanted).mean())
        say(f"{setting}: NDCG@10 of judges {np.mean(scores):.4f}")
        return float(np.mean(scores))

    return replace(first, setting=max(settings, key=judged))


def _short(matrix: Any) -> list[Setting]:
    wide = Setting(reading="log", alpha=SHORT_ALPHA)
    strength = strongest(wide.confidences(matrix))
    most = max(min(matrix.shape) // 2, 1)
    return [
        replace(wide, factors=min(size, most), regularisation=float(f"{share * strength:.3g}"))
        for size in SHORT_FACTORS
        for share in SHORT_SHARES
    ]


def _learn(matrix: Any, choice: hybrid.Choice) -> _Learnt:
    trained = choice.setting.train(matrix)
    wide = trained.item.astype(np.float64)
    return _Learnt(
        choice=choice,
        factors=trained,
        gram=wide.T @ wide,
        walk=neighbours.walk(matrix, alpha=1.0, beta=choice.beta),
        popularity=np.log1p(listeners_of(matrix)),
    )


def _weights(
    learnt: _Learnt, data: Interactions, judges: _Newcomers, plays: int
) -> tuple[float, float]:
    if plays == 0:
        return 0.0, 1.0  # nothing else speaks yet
    known, wanted = judges.known(data, plays), judges.wanted(data)
    parts = learnt.parts(known, judges.users)
    pairs: Iterable[tuple[float, float]] = product(WALK_WEIGHTS, POPULARITY_WEIGHTS)
    return max(
        pairs,
        key=lambda pair: float(_ndcg(parts, (1.0, *pair), judges.users, known, wanted).mean()),
    )


def _ndcg(
    parts: tuple[np.ndarray, ...],
    mix: tuple[float, float, float],
    listeners: np.ndarray,
    known: Any,
    wanted: Any,
) -> np.ndarray:
    """(k,) NDCG@10 of listeners, whose scores are the parts (k, items) times the mix."""
    scores = np.zeros(parts[0].shape)
    for part, weight in zip(parts, mix, strict=True):
        scores += weight * part
    return measure(lambda users: scores[np.searchsorted(listeners, users)], known, wanted).ndcg
