"""Whether suggested moods lie where people hear songs: on the plane of valence and arousal."""

from __future__ import annotations

import csv
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from ml.mood.proof.songs import SongsError
from ml.mood.suggest import Suggester
from ml.recommend.versions import version_code

#: Half-width of a 95 % interval, in standard errors of a normal distribution.
NORMAL_95 = 1.959964
#: Songs that both files must have.
LEAST = 30
#: Columns that hold a song's title and artist, in the tables at hand.
TITLES, ARTISTS = ("track_name", "title", "name"), ("track_artist", "artist")


def plane(
    people: Path, table: Path, model: Suggester, points: dict[str, tuple[float, float]]
) -> dict[str, Any]:
    """Compare where a model puts songs with where people heard them.

    Parameters
    ----------
    people : JSON list of songs with `title`, `artist`, `v` and `a`, as PMEmo's scatter.json
    table : CSV (also gzipped) with titles, artists and the model's features
    points : {mood: (valence, arousal)}; a song lies at the mean of its moods' points, weighted
        with their probabilities

    Returns
    -------
    dict
        songs (in both files), model, and for valence and arousal the correlation (Pearson) `r`
        with its 95 % interval `low`, `high` (Fisher's z), of the `model` and, of what the table
        itself says, of its columns valence and energy (`table`; None where it says nothing).

    Raises
    ------
    SongsError
        when a file is not usable, or they share too few songs.
    """
    heard = _heard(people)
    rows = _rows(table, model.features)
    both = [(rows[code], point) for code, point in heard.items() if code in rows]
    if len(both) < LEAST:
        raise SongsError(f"{people} and {table} share {len(both)} songs; {LEAST} are needed.")
    features = np.array([row for row, _ in both])
    asked = np.array([point for _, point in both])
    told = model.probabilities(features) @ np.array([points[mood] for mood in model.moods])
    found: dict[str, Any] = {"songs": len(both), "model": model.name}
    for place, (axis, column) in enumerate((("valence", "valence"), ("arousal", "energy"))):
        own = features[:, model.features.index(column)] if column in model.features else None
        found[axis] = {
            "model": _correlation(told[:, place], asked[:, place]),
            "table": None
            if own is None or not np.nanstd(own)
            else _correlation(own, asked[:, place]),
        }
    return found


def _correlation(ours: np.ndarray, theirs: np.ndarray) -> dict[str, float]:
    here = np.isfinite(ours)
    r = float(np.corrcoef(ours[here], theirs[here])[0, 1])
    middle, half = (
        math.atanh(max(-0.999999, min(r, 0.999999))),
        NORMAL_95 / math.sqrt(int(here.sum()) - 3),
    )
    return {"r": r, "low": math.tanh(middle - half), "high": math.tanh(middle + half)}


def _heard(path: Path) -> dict[int, tuple[float, float]]:
    try:
        songs = json.loads(path.read_text(encoding="utf-8"))
        return {
            version_code(str(one["artist"]), str(one["title"])): (float(one["v"]), float(one["a"]))
            for one in songs
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SongsError(f"{path} is no list of songs with v and a: {error!r}") from error


def _rows(path: Path, features: tuple[str, ...]) -> dict[int, list[float]]:
    opener = gzip.open if path.suffix == ".gz" else open
    found: dict[int, list[float]] = {}
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = reader.fieldnames or []
            title = next((name for name in TITLES if name in columns), None)
            artist = next((name for name in ARTISTS if name in columns), None)
            lacking = [name for name in features if name not in columns]
            if title is None or artist is None or lacking:
                raise SongsError(f"{path} lacks {', '.join(lacking) or 'titles or artists'}.")
            for row in reader:
                code = version_code(row[artist] or "", row[title] or "")
                found.setdefault(code, [float(row[name] or "nan") for name in features])
    except (OSError, ValueError) as error:
        if isinstance(error, SongsError):
            raise
        raise SongsError(f"{path} cannot be read: {error}") from error
    return found
