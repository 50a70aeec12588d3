"""Fitting the model that is served: a few small perceptrons, calibrated on songs left out.

Two sources. The model that comes with MoodMusic learns from the demo catalogue: pieces of our own
generator, each composed for a mood, measured and estimated as every imported file is. Nobody's
terms forbid that, and it covers all seven moods, but generated pieces are plainer than real music.
An installation with a table of labelled songs of its own fits another one from it.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from ml.mood.proof.run import artist_folds
from ml.mood.proof.songs import MoodSongs, SongsError, read_songs
from ml.mood.suggest import Suggester
from ml.mood.told.compare import columns, scores
from ml.mood.told.models import networks, scaled, standard

#: What the shipped model looks at: estimates that follow from the sound, and that are there for
#: real music in the open, from which we know what is average.
SHIPPED = ("valence", "energy", "danceability", "acousticness", "tempo")
#: Moods it may suggest; of romantic, dark and angry no labelled real songs were there to test on.
CHECKED = ("calm", "energetic", "happy", "sad")
#: The logits of the shipped model are divided by this besides what calibration asks for: chosen
#: beforehand, because generated pieces are easier to tell than what it will meet.
DOUBT = 2.0
UNSURE_BELOW = 0.5
TEMPERATURES = np.geomspace(0.3, 5.0, 40)
DECIMALS = 4


def fit_table(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers of a model of a labelled table, and what is known about it.

    Raises
    ------
    SongsError
        when the file is not usable.
    """
    songs = read_songs(path)
    values, names = columns(songs, path)
    lowered = MoodSongs(np.char.lower(songs.moods), songs.artists, values, names)
    numbers, about = _fitted(lowered, doubt=1.0)
    numbers["suggested"] = numbers["moods"]
    return numbers, {**about, "fitted_on": f"{path.name}: {len(songs.moods)} labelled songs"}


def fit_generated(reference: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers of the shipped model, and what is known about it.

    Parameters
    ----------
    reference : Echo Nest features of the Free Music Archive, JSON (gzip or not) of
        {feature: {track: value}}. Only means and standard deviations of it are used, for what is
        average in real music; the generated pieces are scaled by their own.

    Raises
    ------
    SongsError
        when the reference lacks a feature.
    """
    songs = generated()
    numbers, about = _fitted(songs, doubt=DOUBT)
    centre, scale = _of_real_music(reference)
    numbers |= {
        "centre": _plain(centre),
        "scale": _plain(scale),
        "suggested": list(CHECKED),
    }
    return numbers, {
        **about,
        "fitted_on": f"{len(songs.moods)} pieces of the demo catalogue, made by MoodMusic (CC0)",
        "average_of": "Echo Nest features in the metadata of the Free Music Archive (CC BY 4.0)",
        "doubt": DOUBT,
    }


def generated() -> MoodSongs:
    """The demo catalogue's pieces with the estimates that the shipped model looks at."""
    from ml.audio.catalogue import pieces
    from ml.audio.estimates import estimates
    from ml.audio.features_file import demo_features

    measured = demo_features()
    told = [estimates(measured[spec.slug]) for spec in pieces()]
    return MoodSongs(
        np.array([spec.mood for spec in pieces()]),
        np.array([spec.artist for spec in pieces()]),
        np.array([[row[name] for name in SHIPPED] for row in told]),
        SHIPPED,
    )


def _of_real_music(path: Path) -> tuple[np.ndarray, np.ndarray]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as handle:
            table = json.load(handle)
        rows = [
            [float(value) for value in table[name].values() if value is not None]
            for name in SHIPPED
        ]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SongsError(f"{path} is no table of Echo Nest features: {error!r}") from error
    return np.array([np.mean(row) for row in rows]), np.array([np.std(row) for row in rows])


def _fitted(songs: MoodSongs, *, doubt: float) -> tuple[dict[str, Any], dict[str, Any]]:
    centre, scale = standard(songs.features)
    moods = np.unique(songs.moods)
    temperature, left_out = _calibrated(songs, moods)
    found = networks(scaled(songs.features, centre, scale), songs.moods, seed=0)
    numbers = _numbers(found, songs.names, moods, centre, scale)
    numbers |= {"temperature": round(float(temperature * doubt), DECIMALS)}
    return numbers, {
        "songs": len(songs.moods),
        "artists": len(np.unique(songs.artists)),
        "left_out": left_out,
        "calibration_temperature": round(float(temperature), DECIMALS),
    }


def _calibrated(songs: MoodSongs, moods: np.ndarray) -> tuple[float, dict[str, Any]]:
    """The temperature of least log-loss on artists left out, and the scores there."""
    parts: list[tuple[Suggester, np.ndarray]] = []
    for known, asked in artist_folds(songs, seed=0):
        centre, scale = standard(songs.features[known])
        learnt = networks(scaled(songs.features[known], centre, scale), songs.moods[known], seed=0)
        numbers = _numbers(learnt, songs.names, moods, centre, scale)
        parts.append((Suggester.of(numbers, name=""), asked))

    def told(temperature: float) -> np.ndarray:
        shares = np.zeros((len(songs.moods), len(moods)))
        for model, asked in parts:
            cooler = Suggester(**{
                **{name: getattr(model, name) for name in model.__slots__},
                "temperature": temperature,
            })  # fmt: skip
            shares[asked] = cooler.probabilities(songs.features[asked])
        return shares

    places = np.searchsorted(moods, songs.moods)

    def loss(temperature: float) -> float:
        shares = told(temperature)[np.arange(len(places)), places]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    best = float(min(TEMPERATURES, key=loss))
    return best, scores(songs.moods, told(best), moods)


def _numbers(
    found: list[Any],
    names: tuple[str, ...],
    moods: np.ndarray,
    centre: np.ndarray,
    scale: np.ndarray,
) -> dict[str, Any]:
    return {
        "features": list(names),
        "centre": _plain(centre),
        "scale": _plain(scale),
        "networks": [
            [
                [_plain(weights), _plain(bias)]
                for weights, bias in zip(one.coefs_, one.intercepts_, strict=True)
            ]
            for one in found
        ],
        "moods": [str(mood) for mood in moods],
        "suggested": [str(mood) for mood in moods],
        "temperature": 1.0,
        "unsure_below": UNSURE_BELOW,
    }


def _plain(values: np.ndarray) -> list[Any]:
    rounded: list[Any] = np.round(values, DECIMALS + 2).tolist()
    return rounded
