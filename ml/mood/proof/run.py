"""`evaluate`: finding the songs of a mood, and telling the mood of a song, on one file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ml.figures import mean_and_sd
from ml.mood.proof import geometry, model
from ml.mood.proof.songs import SOUND, MoodSongs, read_songs

#: What the plain ways of finding look at: the features that speak of mood most.
PLAIN_FEATURES = (
    "valence",
    "energy",
    "danceability",
    "acousticness",
    "tempo",
    "loudness",
    "instrumentalness",
)
ARTIST_FOLDS = 5
RANDOM_FOLDS = 10
OURS = "ours"
OURS_SOUND = "ours, sound alone"

Fold = tuple[np.ndarray, np.ndarray]


def evaluate(
    path: Path, *, seeds: int = 3, say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Measure on songs that were not learnt from.

    Finding is measured by average precision in 5 folds that no two share an artist; telling by
    accuracy in those and in 10 random folds. All choices are made inside what is learnt from.

    Parameters
    ----------
    seeds : of the folds and of the models; figures are means over them, with their sd.

    Returns
    -------
    dict
        retrieval {method: {mean, sd, per_mood}}, accuracy {folds: {method: {mean, sd}}}, songs,
        artists, moods {mood: songs}, features, sound_features, seeds, seconds.

    Raises
    ------
    SongsError
        When the file is not usable.
    """
    started = time.monotonic()
    songs = read_songs(path)
    moods, counts = np.unique(songs.moods, return_counts=True)
    precisions: dict[str, list[np.ndarray]] = {}
    accuracies: dict[str, dict[str, list[float]]] = {}
    for seed in range(seeds):
        for name, folds in (
            ("artist-disjoint", artist_folds(songs, seed)),
            ("10 random folds", _random_folds(songs, seed)),
        ):
            disjoint = name == "artist-disjoint"
            right: dict[str, list[np.ndarray]] = {}
            found: dict[str, list[np.ndarray]] = {}
            for known, asked in folds:
                told = _told(songs, known, asked, seed)
                if disjoint:
                    told |= _told_by_sound(songs, known, asked, seed)
                for method, scores in told.items():
                    says = moods[scores.argmax(axis=1)]
                    right.setdefault(method, []).append(says == songs.moods[asked])
                if not disjoint:
                    continue
                ranked = {**_placed(songs, known, asked), **told}
                for method, scores in ranked.items():
                    found.setdefault(method, []).append(_precision(scores, songs.moods[asked]))
            for method, parts in right.items():
                by_method = accuracies.setdefault(name, {}).setdefault(method, [])
                by_method.append(float(np.concatenate(parts).mean()))
            for method, parts in found.items():
                precisions.setdefault(method, []).append(np.mean(parts, axis=0))
            say(f"seed {seed}, {name}: {accuracies[name][OURS][-1]:.4f} of moods told")
    return {
        "retrieval": {
            method: mean_and_sd([float(row.mean()) for row in rows])
            | {"per_mood": dict(zip(moods.tolist(), np.mean(rows, axis=0).tolist(), strict=True))}
            for method, rows in precisions.items()
        },
        "accuracy": {
            name: {method: mean_and_sd(values) for method, values in by_method.items()}
            for name, by_method in accuracies.items()
        },
        "songs": len(songs.moods),
        "artists": len(np.unique(songs.artists)),
        "moods": dict(zip(moods.tolist(), counts.tolist(), strict=True)),
        "features": list(songs.names),
        "sound_features": [name for name in songs.names if name in SOUND],
        "seeds": seeds,
        "seconds": round(time.monotonic() - started, 1),
    }


def artist_folds(songs: MoodSongs, seed: int) -> Iterator[Fold]:
    """Five folds of row indexes (learnt from, asked), no artist on both sides, moods balanced."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(ARTIST_FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(songs.features, songs.moods, songs.artists)


def _random_folds(songs: MoodSongs, seed: int) -> Iterator[Fold]:
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(RANDOM_FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(songs.features, songs.moods)


def _placed(songs: MoodSongs, known: np.ndarray, asked: np.ndarray) -> dict[str, np.ndarray]:
    """Scores of the ways that only look where songs lie."""
    wanted = tuple(name for name in PLAIN_FEATURES if name in songs.names)
    features = songs.only(wanted if len(wanted) > 1 else songs.names)
    parts = _filled(features[known], features[asked])
    return {
        name: finder(parts[0], songs.moods[known], parts[1])
        for name, finder in geometry.PLAIN.items()
    }


def _told(
    songs: MoodSongs, known: np.ndarray, asked: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Probabilities of what learns from all features: plain models and ours."""
    moods, artists = songs.moods[known], songs.artists[known]
    parts = _filled(songs.features[known], songs.features[asked])
    told = {}
    for name, plain in (("logistic", model.logistic(seed)), ("forest", model.forest(seed))):
        told[name] = plain.fit(parts[0], moods).predict_proba(parts[1])
    told[OURS] = model.tuned_probabilities(parts[0], moods, artists, parts[1], seed)
    return told


def _told_by_sound(
    songs: MoodSongs, known: np.ndarray, asked: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Probabilities of ours from the sound alone; empty where the file has nothing else, or no
    sound.
    """
    sound = tuple(name for name in songs.names if name in SOUND)
    if not 1 < len(sound) < len(songs.names):
        return {}
    features = songs.only(sound)
    parts = _filled(features[known], features[asked])
    moods, artists = songs.moods[known], songs.artists[known]
    return {OURS_SOUND: model.tuned_probabilities(parts[0], moods, artists, parts[1], seed)}


def _filled(known: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gaps become the median of what is learnt from."""
    empty = np.isnan(known).all(axis=0)
    median = np.where(empty, 0.0, np.nanmedian(np.where(empty, 0.0, known), axis=0))
    return np.where(np.isnan(known), median, known), np.where(np.isnan(asked), median, asked)


def _precision(scores: np.ndarray, moods: np.ndarray) -> np.ndarray:
    """(k,) average precision of each mood; a mood that the fold has no song of is not known."""
    from sklearn.metrics import average_precision_score

    names = np.unique(moods)
    return np.array(
        [
            average_precision_score(moods == name, scores[:, place])
            for place, name in enumerate(names)
        ]
    )
