"""`evaluate`: popularity, item-kNN, ALS and ours on one file, over several seeds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ml.recommend import factors, hybrid, neighbours
from ml.recommend.measures import Measured, Scorer, measure
from ml.recommend.proof import splits
from ml.recommend.proof.interactions import (
    Interactions,
    InteractionsError,
    read_interactions,
)

Protocol = Literal["ratio", "leave-last-out", "fixed"]
METHODS = ("popularity", "item_knn", "als", "ours")
SEARCH_SECONDS = 60.0


def evaluate(
    path: Path,
    protocol: Protocol,
    *,
    test: Path | None = None,
    seeds: int = 5,
    search_seconds: float = SEARCH_SECONDS,
    say: hybrid.Say = lambda line: None,
) -> dict[str, Any]:
    """Rank all items for every test user by each method.

    `ratio` splits anew and chooses hyper-parameters anew for each seed, and learns from the
    train part alone, as RecBole does. The other protocols have one test part: parameters are
    chosen once, and what is tested has learnt from train and validation part.

    Parameters
    ----------
    test : of the protocol `fixed`, a file of the same form.
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
    results: dict[str, list[Measured]] = {method: [] for method in METHODS}
    choices: list[hybrid.Choice] = []
    for seed in range(seeds):
        split = _split(data, known_rows, protocol, seed)
        train, validation, wanted = (
            data.matrix(rows) for rows in (split.train, split.validation, split.test)
        )
        known = (train + validation).tocsr()
        if protocol == "ratio" or not choices:
            choices.append(hybrid.choose(train, validation, seconds=search_seconds, say=say))
        learnt = train if protocol == "ratio" else known
        for method, scorer in _methods(learnt, choices[-1], seed).items():
            results[method].append(measure(scorer, known, wanted))
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


def _methods(train: Any, choice: hybrid.Choice, seed: int) -> dict[str, Scorer]:
    listeners = np.asarray((train > 0).sum(axis=0), dtype=np.float64).ravel()
    return {
        "popularity": lambda users: np.broadcast_to(listeners, (len(users), len(listeners))),
        "item_knn": neighbours.scorer(train, neighbours.cosine(train)),
        "als": factors.scorer(choice.setting.train(train, seed)),
        "ours": hybrid.fit(train, choice, seed),
    }


def _spread(found: list[Measured]) -> dict[str, dict[str, float]]:
    rows = [one.summary() for one in found]
    return {
        name: {
            "mean": float(np.mean([row[name] for row in rows])),
            "sd": float(np.std([row[name] for row in rows], ddof=1)) if len(rows) > 1 else 0.0,
        }
        for name in rows[0]
    }
