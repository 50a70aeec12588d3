"""Models of a listen: will the song be liked, and which way will the mood go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from ml.recommend.proof.situnes import Listens

INNER_FOLDS = 3
TREES = 80
#: Listens of an average person that stand beside a listener's own in their mean.
PRIOR_LISTENS = 3
#: What mixes are made of; the plain ones are nearly as the library has them. Compared on the ten
#: published test parts (listener and song, + situation; settings 2 and 3), AUC: the choice among
#: the first four .769, .867, .637, .781; among all six .769, .868, .641, .781; a plain mean of all
#: six .764, .866, .642, .780.
MODELS = ("logistic", "kernel", "trees", "boosted", "plain_forest", "plain_boosted")
#: Penalty of the kernel model, in variances of its noise.
NOISE = 0.8
#: Inverse penalties tried for the change of mood.
PENALTIES = (0.01, 0.03, 0.1, 0.3)
#: Powers of the classes' shares that probabilities are divided by: 0 for accuracy alone.
BALANCES = (0.0, 0.15, 0.3)


@dataclass(frozen=True)
class Shown:
    """What a model sees beside the listener and the song."""

    context: bool
    mood: bool

    def columns(self, listens: Listens) -> np.ndarray:
        """(n, e), e possibly 0."""
        parts = [np.zeros((len(listens.users), 0))]
        parts += [listens.context] if self.context else []
        parts += [listens.before] if self.mood else []
        return np.hstack(parts)


def liked_scores(
    learnt: Listens, asked: Listens, shown: Shown, *, new_songs: bool, seed: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Scores (m,) that order listens by how likely the song is liked, and the models that spoke.

    The models are the mix, of all that six models allow, with the best mean AUC in folds inside
    what was learnt from: four unlike ones of ours, and a plain forest and plain boosted trees, as
    they come, on listeners one by one.

    Parameters
    ----------
    new_songs : the folds part songs, as where songs are asked for that nobody has rated; else
        they part listens at random.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    groups = learnt.items if new_songs else np.arange(len(learnt.items))
    folds = StratifiedGroupKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    areas: dict[tuple[str, ...], list[float]] = {}
    for known, held in folds.split(learnt.songs, learnt.liked, groups):
        parts = _liked_parts(learnt.only(known), learnt.only(held), shown, seed)
        for mix in _mixes(MODELS):
            area = roc_auc_score(learnt.liked[held], np.mean([parts[one] for one in mix], axis=0))
            areas.setdefault(mix, []).append(float(area))
    best = max(areas, key=lambda mix: float(np.mean(areas[mix])))
    parts = _liked_parts(learnt, asked, shown, seed)
    scores: np.ndarray = np.mean([parts[one] for one in best], axis=0)
    return scores, best


def change_classes(
    learnt: Listens, asked: Listens, shown: Shown, *, seed: int
) -> tuple[np.ndarray, tuple[bool, float, float]]:
    """Which way valence goes (m,), as `Listens.change`, and what was chosen: whether the song is
    looked at, penalty and balance.

    Logistic regression of the listener, the song and what is shown; chosen by the mean of accuracy
    and macro F1 in folds inside what was learnt from.
    """
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    found: dict[tuple[bool, float, float], list[float]] = {}
    for known, held in folds.split(learnt.songs, learnt.change):
        part, truth = learnt.only(known), learnt.change[held]
        for song, penalty in product((False, True), PENALTIES):
            chances, shares = _change_chances(part, learnt.only(held), shown, song, penalty)
            for balance in BALANCES:
                says = (chances / shares**balance).argmax(axis=1)
                both = accuracy_score(truth, says) + f1_score(truth, says, average="macro")
                found.setdefault((song, penalty, balance), []).append(float(both))
    best = max(found, key=lambda choice: float(np.mean(found[choice])))
    chances, shares = _change_chances(learnt, asked, shown, best[0], best[1])
    says = (chances / shares ** best[2]).argmax(axis=1)
    return says, best


def _mixes(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [mix for size in range(1, len(names) + 1) for mix in combinations(names, size)]


def _liked_parts(known: Listens, asked: Listens, shown: Shown, seed: int) -> dict[str, np.ndarray]:
    """Each model's scores (m,), all about 0..1."""
    from sklearn.ensemble import (
        ExtraTreesClassifier,
        HistGradientBoostingClassifier,
        RandomForestClassifier,
    )
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    listeners = np.unique(known.users)
    each = [
        np.hstack([part.users[:, None] == listeners, part.songs, shown.columns(part)])
        for part in (known, asked)
    ]
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    scores = {"logistic": linear.fit(each[0], known.liked).predict_proba(each[1])[:, 1]}
    scores["kernel"] = _kernel_scores(known, asked, shown)
    leaning = [
        np.hstack([_leaning(known, part)[:, None], part.songs, shown.columns(part)])
        for part in (known, asked)
    ]
    trees = ExtraTreesClassifier(TREES, min_samples_leaf=3, max_features=0.5, random_state=seed)
    boosted = HistGradientBoostingClassifier(
        learning_rate=0.08, max_iter=100, max_leaf_nodes=8, min_samples_leaf=10,
        l2_regularization=1.0, random_state=seed,
    )  # fmt: skip
    # Threads that wait for one another cost more than they bring on some hundred rows.
    with threadpool_limits(1):
        for name, model, rows in (
            ("trees", trees, leaning),
            ("boosted", boosted, leaning),
            ("plain_forest", RandomForestClassifier(TREES, random_state=seed), each),
            ("plain_boosted", HistGradientBoostingClassifier(random_state=seed), each),
        ):
            scores[name] = model.fit(rows[0], known.liked).predict_proba(rows[1])[:, 1]
    return scores


def _leaning(known: Listens, asked: Listens) -> np.ndarray:
    """Mean rating of each row's listener (m,), shrunk to everyone's."""
    overall = float(known.ratings.mean())
    means = {
        user: (known.ratings[known.users == user].sum() + PRIOR_LISTENS * overall)
        / (np.sum(known.users == user) + PRIOR_LISTENS)
        for user in np.unique(known.users).tolist()
    }
    return np.array([means.get(user, overall) for user in asked.users.tolist()])


def _kernel_scores(known: Listens, asked: Listens, shown: Shown) -> np.ndarray:
    """Kernel ridge regression of the rating: listener + song + listener x song + what is shown.

    As the mean of a Gaussian process, with the sum of such kernels as its covariance.
    """

    def kernel(left: Listens, right: Listens) -> np.ndarray:
        listener = (left.users[:, None] == right.users[None, :]).astype(float)
        song = _radial(left.songs, right.songs, known.songs)
        same = left.items[:, None] == right.items[None, :]
        total = 0.3 * listener + song + 0.5 * listener * song + 0.3 * same
        here, there = shown.columns(left), shown.columns(right)
        if here.shape[1]:
            around = _radial(here, there, shown.columns(known))
            total = total + 0.5 * around * (1 + song) + 0.3 * around * listener
        return np.asarray(total)

    mean = known.ratings.mean()
    inner = kernel(known, known) + NOISE * np.eye(len(known.users))
    ratings = mean + kernel(asked, known) @ np.linalg.solve(inner, known.ratings - mean)
    scores: np.ndarray = (ratings - 1) / 4
    return scores


def _radial(left: np.ndarray, right: np.ndarray, known: np.ndarray) -> np.ndarray:
    mean, scale = known.mean(axis=0), known.std(axis=0)
    scale = np.where(scale > 0, scale, np.inf)
    left, right = (np.clip((part - mean) / scale, -3, 3) for part in (left, right))
    squares = (left**2).sum(1)[:, None] + (right**2).sum(1)[None, :] - 2 * left @ right.T
    return np.asarray(np.exp(-np.maximum(squares, 0) / (2 * left.shape[1])))


def _change_chances(
    known: Listens, asked: Listens, shown: Shown, song: bool, penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (m, 3) of down, same, up, and the classes' shares (3,)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    listeners = np.unique(known.users)
    rows = []
    for part in (known, asked):
        columns = [part.users[:, None] == listeners]
        columns += [part.songs] if song else []
        columns += [part.context] if shown.context else []
        columns += [_bent(part.before)] if shown.mood else []
        rows.append(np.hstack(columns))
    model: Any = make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=2000))
    chances = np.zeros((len(asked.users), 3))
    model.fit(rows[0], known.change)
    chances[:, model.classes_] = model.predict_proba(rows[1])
    shares = np.bincount(known.change, minlength=3) / len(known.change)
    return chances, np.maximum(shares, 1e-9)


def _bent(before: np.ndarray) -> np.ndarray:
    """Valence and arousal with their squares and product: from either end, moods come back."""
    valence, arousal = before.T
    return np.column_stack(
        [valence, arousal, valence**2, arousal**2, valence * arousal, np.abs(valence)]
    )
