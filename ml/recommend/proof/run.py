"""`evaluate`: popularity, item-kNN, ALS and ours on one file, over several seeds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ml.figures import mean_and_sd
from ml.recommend import factors, holdout, hybrid, learnt_blend, neighbours, reach
from ml.recommend.measures import Measured, Scorer, measure
from ml.recommend.proof import content, splits
from ml.recommend.proof.interactions import Interactions, read_interactions
from ml.recommend.proof.tables import InteractionsError
from ml.recommend.proof.tags import Tags, read_tags

Protocol = Literal["ratio", "leave-last-out", "fixed"]
SEARCH_SECONDS = 120.0


def evaluate(
    path: Path,
    protocol: Protocol,
    *,
    test: Path | None = None,
    tags: Path | None = None,
    seeds: int = 5,
    search_seconds: float = SEARCH_SECONDS,
    say: hybrid.Say = lambda line: None,
) -> dict[str, Any]:
    """Rank all items for every test user by each method.

    `ratio` splits anew for each seed and learns from the train part alone, as RecBole does;
    hyper-parameters are chosen broadly on the first validation part, and near those on the others.
    The other protocols have one test part: parameters are chosen once, and what is tested has
    learnt from train and validation part.

    "ours_wide" is ours with later places paying for fame, as far as the validation part allows.

    Parameters
    ----------
    test : of the protocol `fixed`, a file of the same form.
    tags : CSV `item,tag[,user]`; adds "ours_tags". What a user gave to an item that is hidden from
        the training is left out first.
    seeds : of the splits and of the factors' starting points.
    search_seconds : for each choice of hyper-parameters.

    Returns
    -------
    dict
        methods {method: {measure: {mean, sd}}}, parameters (of each choice), users, items,
        interactions, protocol, seeds, seconds.

    Raises
    ------
    InteractionsError
        When a file is not usable for the protocol.
    """
    started = time.monotonic()
    data, known_rows = _read(path, protocol, test)
    named = None if tags is None else read_tags(tags, data)
    results: dict[str, list[Measured]] = {}
    choices: list[_Chosen] = []
    for seed in range(seeds):
        split = _split(data, known_rows, protocol, seed)
        train, validation, wanted = (
            data.matrix(rows) for rows in (split.train, split.validation, split.test)
        )
        known = (train + validation).tocsr()
        given = None
        if named is not None:
            hidden = np.concatenate([split.validation, split.test])
            given = named.without(data.users[hidden], data.items[hidden])
        if protocol == "ratio" or not choices:
            near = choices[0].choice if choices else None
            choice = hybrid.choose(train, validation, seconds=search_seconds, say=say, near=near)
            learnt = _learn(train, choice, given, seed)
            choices.append(_decide(learnt, validation))
        if protocol != "ratio":
            learnt = _learn(known, choices[-1].choice, given, seed)
        for method, scorer in _methods(learnt, known, choices[-1], seed).items():
            results.setdefault(method, []).append(measure(scorer, known, wanted))
            say(f"seed {seed}, {method}: NDCG@10 {results[method][-1].ndcg.mean():.4f}")
    return {
        "methods": {method: _spread(found) for method, found in results.items()},
        "parameters": {"ours": [choice.to_json() for choice in choices]},
        "users": data.shape[0],
        "items": data.shape[1],
        "interactions": len(data.users),
        "protocol": protocol,
        "seeds": seeds,
        "seconds": round(time.monotonic() - started, 1),
    }


@dataclass(frozen=True)
class _Chosen:
    """What a validation part decides: hyper-parameters, the price of fame, weights with tags."""

    choice: hybrid.Choice
    price: float
    weights: learnt_blend.Weights | None

    def to_json(self) -> dict[str, Any]:
        weights = {} if self.weights is None else {"tag_weights": self.weights.to_json()}
        return {**self.choice.to_json(), "price_of_fame": self.price, **weights}


@dataclass(frozen=True)
class _Learnt:
    """What one matrix taught: ours, and the parts of ours with tags."""

    matrix: Any
    choice: hybrid.Choice
    ours: hybrid.Fitted
    parts: dict[str, Scorer] | None


def _learn(matrix: Any, choice: hybrid.Choice, tags: Tags | None, seed: int) -> _Learnt:
    ours, parts = hybrid.fit(matrix, choice, seed), None
    if tags is not None:
        parts = content.parts(matrix, tags, choice.setting, ours.preference, seed)
    return _Learnt(matrix, choice, ours, parts)


def _decide(learnt: _Learnt, validation: Any) -> _Chosen:
    price, weights = reach.affordable(learnt.ours, learnt.matrix, validation), None
    if learnt.parts is not None:
        weights = learnt_blend.learn(learnt.parts, content.LEADING, learnt.matrix, validation)
    return _Chosen(learnt.choice, price, weights)


def _read(path: Path, protocol: Protocol, test: Path | None) -> tuple[Interactions, Any]:
    if (protocol == "fixed") != (test is not None):
        raise InteractionsError("a test file goes with the protocol fixed, and only with it")
    data = read_interactions(path)
    if test is None:
        return data, None
    return splits.joined(data, read_interactions(test, known=data)), data


def _split(data: Interactions, train: Any, protocol: Protocol, seed: int) -> splits.Split:
    if protocol == "ratio":
        return splits.ratio(data, seed)
    if protocol == "leave-last-out":
        return splits.leave_last_out(data)
    return splits.fixed(train, data, seed=0)


def _methods(learnt: _Learnt, known: Any, chosen: _Chosen, seed: int) -> dict[str, Scorer]:
    train = learnt.matrix
    methods: dict[str, Scorer] = {
        "popularity": holdout.popularity(train),
        "item_knn": neighbours.scorer(train, neighbours.cosine(train)),
        "als": factors.scorer(chosen.choice.setting.train(train, seed)),
        "ours": learnt.ours,
        "ours_wide": reach.wider(learnt.ours, known, chosen.price),
    }
    if learnt.parts is not None and chosen.weights is not None:
        methods["ours_tags"] = learnt_blend.blended(
            learnt.parts, content.LEADING, known, chosen.weights
        )
    return methods


def _spread(found: list[Measured]) -> dict[str, dict[str, float]]:
    rows = [one.summary() for one in found]
    return {name: mean_and_sd([row[name] for row in rows]) for name in rows[0]}
