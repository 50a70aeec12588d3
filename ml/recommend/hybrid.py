"""Ours: ALS from several starts, blended with the walk, all chosen on a validation part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ml.recommend import factors, neighbours
from ml.recommend.als import strongest
from ml.recommend.measures import Scorer, measure

#: Regularisation as a share of the strongest direction of the confidences, so that one grid suits
#: few listeners and many, plays and stars.
SHARES = (0.02, 0.04, 0.08, 0.16, 0.32)
ALPHAS = (1.0, 4.0, 16.0)
FACTORS = (32, 64, 128, 256)
BETAS = (0.1, 0.3, 0.5)
WALK_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
STARTS = 3
#: More users than these make the choice slower and no surer.
_MOST_JUDGES = 2_000

Say = Callable[[str], object]


@dataclass(frozen=True)
class Choice:
    """Hyper-parameters of ours: of the factors, of the walk, and the walk's weight."""

    setting: factors.Setting
    beta: float
    walk_weight: float

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**self.setting.to_json(), "beta": self.beta, "walk_weight": self.walk_weight}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Choice:
        """The choice that `to_json` was made of.

        Raises
        ------
        KeyError, TypeError
            When the values are those of another version.
        """
        setting = {name: value for name, value in values.items() if name not in _OF_THE_WALK}
        walk = {name: values[name] for name in _OF_THE_WALK}
        return cls(setting=factors.Setting(**setting), **walk)


_OF_THE_WALK = ("beta", "walk_weight")


@dataclass
class _Search:
    """Tries settings on one split, each once, until the time is over.

    Attributes
    ----------
    tried : NDCG@10 of each
    preference : what the best so far has learnt
    """

    train: Any
    validation: Any
    until: float
    say: Say
    threads: int | None = None
    tried: dict[factors.Setting, float] = field(default_factory=dict)
    preference: Scorer = field(init=False)

    def best_of(self, settings: Iterable[factors.Setting]) -> factors.Setting:
        for setting in settings:
            if setting not in self.tried and (not self.tried or time.monotonic() < self.until):
                scorer = factors.scorer(setting.train(self.train, threads=self.threads))
                score = judged(scorer, self.train, self.validation)
                if score > max(self.tried.values(), default=-1.0):
                    self.preference = scorer
                self.tried[setting] = score
                self.say(f"{setting}: NDCG@10 {score:.4f}")
        return max(self.tried, key=lambda setting: self.tried[setting])


def choose(
    train: Any,
    validation: Any,
    *,
    seconds: float,
    say: Say = lambda line: None,
    threads: int | None = None,
    most_factors: int = FACTORS[-1],
    near: Choice | None = None,
) -> Choice:
    """Hyper-parameters by NDCG@10 on the validation part.

    One after another, each from the best so far: regularisation, how values are read and
    weighted, number of factors, regularisation again, the walk.

    Parameters
    ----------
    train, validation : scipy.sparse.csr_matrix (users, items) of values.
    seconds : after these no further setting of the factors is tried.
    threads : of each training; None: as many as there are cores.
    most_factors : that may be chosen.
    near : chosen on another split of the same data: only the regularisation about it and the walk
        are chosen anew.
    """
    search = _Search(train, validation, time.monotonic() + seconds, say, threads)
    best = _broadly(search, most_factors) if near is None else search.best_of([near.setting])
    middle = best.regularisation
    best = search.best_of(replace(best, regularisation=middle * step) for step in (0.7, 1.4))
    return _with_walk(search, best)


def _broadly(search: _Search, most_factors: int) -> factors.Setting:
    train = search.train
    fewest = min(train.shape)
    sizes = [size for size in FACTORS if size <= max(min(fewest // 2, most_factors), FACTORS[0])]
    start = factors.Setting(factors=sizes[min(1, len(sizes) - 1)])
    scale = {
        (reading, alpha): strongest(replace(start, reading=reading, alpha=alpha).confidences(train))
        for reading in factors.READINGS
        for alpha in ALPHAS
    }

    def regularised(setting: factors.Setting, share: float) -> factors.Setting:
        penalty = share * scale[setting.reading, setting.alpha]
        return replace(setting, regularisation=float(f"{penalty:.3g}"))

    best = search.best_of(regularised(start, share) for share in SHARES)
    for reading, alpha in scale:
        other = replace(best, reading=reading, alpha=alpha)
        best = search.best_of(regularised(other, share) for share in SHARES[1:4])
    return search.best_of(replace(best, factors=size) for size in sizes)


def _with_walk(search: _Search, setting: factors.Setting) -> Choice:
    train, validation = search.train, search.validation
    best, best_score = Choice(setting, BETAS[0], 0.0), -1.0
    for beta in BETAS:
        walked = neighbours.scorer(train, neighbours.walk(train, alpha=1.0, beta=beta))
        for weight in WALK_WEIGHTS:
            score = judged(blend(search.preference, walked, weight), train, validation)
            if score > best_score:
                best, best_score = Choice(setting, beta, weight), score
    search.say(f"walk beta {best.beta}, weight {best.walk_weight}: NDCG@10 {best_score:.4f}")
    return best


@dataclass(frozen=True)
class Fitted:
    """A scorer, and the part of its scores that the factors alone give."""

    scores: Scorer
    preference: Scorer

    def __call__(self, users: np.ndarray) -> np.ndarray:
        return self.scores(users)


def fit(train: Any, choice: Choice, seed: int) -> Fitted:
    """Ours, learnt from a matrix of values."""
    preference = preferences(train, choice.setting, seed)
    walked = neighbours.scorer(train, neighbours.walk(train, alpha=1.0, beta=choice.beta))
    return Fitted(blend(preference, walked, choice.walk_weight), preference)


def preferences(train: Any, setting: factors.Setting, seed: int) -> Scorer:
    """The sum over factors trained from several starts."""
    starts = [
        factors.scorer(setting.train(train, seed * STARTS + start)) for start in range(STARTS)
    ]
    return lambda users: np.asarray(sum(start(users) for start in starts))


def blend(first: Scorer, second: Scorer, weight: float) -> Scorer:
    """Both in units of their spread over a user's items, the second times `weight`."""
    if weight == 0:
        return first
    return lambda users: units(first(users)) + weight * units(second(users))


def units(scores: np.ndarray) -> np.ndarray:
    """Each row less its mean, over its standard deviation; a row without spread becomes zeros."""
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-12))


def judged(scorer: Scorer, train: Any, validation: Any) -> float:
    """NDCG@10 on a validation part, of at most 2,000 of its users."""
    return float(measure(scorer, train, judges_of(validation)).ndcg.mean())


def judges_of(wanted: Any) -> Any:
    """`wanted` of at most 2,000 of its users, the same ones each time."""
    users = np.flatnonzero(np.diff(wanted.indptr))
    if len(users) <= _MOST_JUDGES:
        return wanted
    chosen = np.random.default_rng(0).choice(users, _MOST_JUDGES, replace=False)
    keep = np.zeros(wanted.shape[0], dtype=bool)
    keep[chosen] = True
    few = wanted.multiply(keep[:, None]).tocsr()
    few.eliminate_zeros()
    return few
