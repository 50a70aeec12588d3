"""Which way tells moods best on songs by artists that were not learnt from."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from ml.mood.proof.run import artist_folds
from ml.mood.proof.songs import MoodSongs, SongsError, read_songs
from ml.mood.suggest import Suggester
from ml.mood.told.models import TELLERS, scaled, standard

#: What models look at; those of them that a file has.
FEATURES = (
    "valence", "energy", "danceability", "acousticness", "instrumentalness", "speechiness",
    "liveness", "tempo", "loudness", "key", "mode",
)  # fmt: skip
BINS = 10


def columns(songs: MoodSongs, path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """(n, d) features of a file that models look at, and their names.

    Raises
    ------
    SongsError
        when it has fewer than two of them.
    """
    names = tuple(name for name in FEATURES if name in songs.names)
    if len(names) < 2:
        raise SongsError(f"{path}: at least two of {', '.join(FEATURES)} are needed")
    return songs.only(names), names


def compare(path: Path, *, seeds: int = 3) -> dict[str, Any]:
    """Every teller in five folds that no two share an artist, for each seed.

    Returns
    -------
    dict
        methods {name: {accuracy, macro_f1, ece: {mean, sd}, per_mood {mood: {precision, recall,
        f1: {mean, sd}}}}}, best (by macro F1), songs, artists, moods {mood: songs}, features,
        seeds, seconds

    Raises
    ------
    SongsError
        when the file is not usable.
    """
    from threadpoolctl import threadpool_limits

    started = time.monotonic()
    songs = read_songs(path)
    features, names = columns(songs, path)
    moods, counts = np.unique(songs.moods, return_counts=True)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in TELLERS}
    for seed in range(seeds):
        shares = {name: np.zeros((len(songs.moods), len(moods))) for name in TELLERS}
        for known, asked in artist_folds(songs, seed):
            scale = standard(features[known])
            here, there = (scaled(features[part], *scale) for part in (known, asked))
            # Some hundred songs: threads would wait for each other for longer than they work.
            with threadpool_limits(1):
                for name, teller in TELLERS.items():
                    shares[name][asked] = teller(here, songs.moods[known], there, seed)
        for name, found in shares.items():
            runs[name].append(scores(songs.moods, found, moods))
    methods = {name: spread_of(found) for name, found in runs.items()}
    return {
        "methods": methods,
        "best": max(methods, key=lambda name: methods[name]["macro_f1"]["mean"]),
        "songs": len(songs.moods),
        "artists": len(np.unique(songs.artists)),
        "moods": dict(zip(moods.tolist(), counts.tolist(), strict=True)),
        "features": list(names),
        "seeds": seeds,
        "seconds": round(time.monotonic() - started, 1),
    }


def served(path: Path, model: Suggester) -> dict[str, Any]:
    """How a model that learnt nothing from this file does on it.

    Its moods are compared without regard to case. Accuracy and F1 choose among the file's moods
    alone; `suggested` and `right` are of what the model would really say: the share of songs it
    suggests a mood for, and of these the share in which that is the file's.

    Raises
    ------
    SongsError
        when the file is not usable, or has no mood the model knows.
    """
    songs = read_songs(path)
    truth = np.char.lower(songs.moods)
    both = [mood for mood in model.moods if mood in set(truth.tolist())]
    if len(both) < 2:
        raise SongsError(f"{path}: at least two moods of {', '.join(model.moods)} are needed")
    values = np.full((len(truth), len(model.features)), np.nan)
    for place, name in enumerate(model.features):
        if name in songs.names:
            values[:, place] = songs.features[:, songs.names.index(name)]
    told = model.probabilities(values)
    asked = np.isin(truth, both)
    shares = told[asked][:, [model.moods.index(mood) for mood in both]]
    found = scores(truth[asked], shares / shares.sum(axis=1, keepdims=True), np.array(both))
    best = told.argmax(axis=1)
    may = np.array([mood in model.suggested for mood in model.moods])
    says = (told.max(axis=1) >= model.unsure_below) & may[best] & asked
    right = np.array(model.moods)[best] == truth
    return {
        **found,
        "suggested": float(says.sum() / asked.sum()),
        "right": float(right[says].mean()) if says.any() else None,
        "confidence": float(told.max(axis=1)[says].mean()) if says.any() else None,
        "songs": int(asked.sum()),
        "model": model.name,
    }


def scores(truth: np.ndarray, shares: np.ndarray, moods: np.ndarray) -> dict[str, Any]:
    """Accuracy, macro F1, calibration error, and each mood's precision, recall and F1."""
    from sklearn.metrics import precision_recall_fscore_support

    says = moods[shares.argmax(axis=1)]
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, says, labels=moods, zero_division=0.0
    )
    sure, right = shares.max(axis=1), says == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(sure[bins == each].mean() - right[bins == each].mean()))
        * float((bins == each).mean())
        for each in np.unique(bins)
    ]
    return {
        "accuracy": float(right.mean()),
        "macro_f1": float(f1.mean()),
        "ece": sum(gaps),
        "per_mood": {
            str(mood): {
                "precision": float(precision[place]),
                "recall": float(recall[place]),
                "f1": float(f1[place]),
            }
            for place, mood in enumerate(moods)
        },
    }


def spread_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Means and standard deviations of equal tables of numbers."""
    first = runs[0]
    found: dict[str, Any] = {}
    for name, value in first.items():
        values = [run[name] for run in runs]
        if isinstance(value, dict):
            found[name] = spread_of(values)
        else:
            sd = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
            found[name] = {"mean": float(np.mean(values)), "sd": sd}
    return found
