"""Files of mood-labelled songs: CSV with `mood`, `artist` and numeric features."""

from __future__ import annotations

import csv
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: What is measured of the sound itself, by the names that feature files use. Other numbers (length,
#: popularity) can tell moods apart as well, but say nothing of the sound.
SOUND = frozenset({
    "acousticness", "danceability", "energy", "instrumentalness", "key", "liveness", "loudness",
    "mode", "speechiness", "tempo", "time_signature", "valence",
})  # fmt: skip
#: Artists that a mood must have, so that each of the folds can hold one of them.
LEAST_ARTISTS = 5
#: Songs that a mood must have, so that each of ten folds can hold one of them.
LEAST_SONGS = 10


class SongsError(ValueError):
    """A file of songs is not what its format promises; the message names file and line."""


@dataclass(frozen=True)
class MoodSongs:
    """Songs, one of each row.

    Attributes
    ----------
    moods : (n,) mood of each song, by the file's own names
    artists : (n,) artist of each song
    features : (n, d) float64; NaN where the file's cell is empty
    names : d column names
    """

    moods: np.ndarray
    artists: np.ndarray
    features: np.ndarray
    names: tuple[str, ...]

    def only(self, wanted: tuple[str, ...]) -> np.ndarray:
        """(n, len(wanted)) of some features."""
        return self.features[:, [self.names.index(name) for name in wanted]]


def read_songs(path: Path) -> MoodSongs:
    """Read a file of songs.

    Columns are known by name, in any case and order. Every other column of which all cells are
    numbers or empty counts as a feature, except row numbers and ids and what never changes.

    Raises
    ------
    SongsError
        When the file cannot be read, has no mood or artist, has fewer than two features, or is too
        small to be split into folds.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = [row for row in csv.reader(handle) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SongsError(f"{path} cannot be read: {error}") from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    for name in ("mood", "artist"):
        if name not in header:
            raise SongsError(f"{path}: the header must name mood and artist, found {header}")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise SongsError(
                f"{path}, row {line}: expected {len(header)} columns, found {len(row)}"
            )
    columns = dict(zip(header, zip(*rows[1:], strict=True), strict=False))
    moods, artists = _labels(path, columns, "mood"), _labels(path, columns, "artist")
    features = {
        name: numbers
        for name, cells in columns.items()
        if not _counts_rows(name) and (numbers := _numbers(cells)) is not None
    }
    if len(features) < 2:
        raise SongsError(f"{path}: at least two numeric features are needed, found {[*features]}")
    _check_size(path, moods, artists)
    return MoodSongs(moods, artists, np.column_stack([*features.values()]), tuple(features))


def _labels(path: Path, columns: dict[str, tuple[str, ...]], name: str) -> np.ndarray:
    cells = [cell.strip() for cell in columns.get(name, ())]
    if "" in cells:
        raise SongsError(f"{path}, row {cells.index('') + 2}: {name} must not be empty")
    return np.array(cells, dtype=str)


def _counts_rows(name: str) -> bool:
    return name in {"", "id", "index", "no", "no."} or name.endswith(("_id", "unnamed: 0"))


def _numbers(cells: tuple[str, ...]) -> np.ndarray | None:
    try:
        numbers = np.array([float(cell) if cell.strip() else math.nan for cell in cells])
    except ValueError:
        return None
    known = numbers[~np.isnan(numbers)]
    if not len(known) or np.isinf(known).any() or known.min() == known.max():
        return None
    return numbers


def _check_size(path: Path, moods: np.ndarray, artists: np.ndarray) -> None:
    songs = Counter(moods.tolist())
    if len(songs) < 2:
        raise SongsError(f"{path}: songs of at least two moods are needed, found {[*songs]}")
    for mood, count in songs.items():
        by = len(set(artists[moods == mood].tolist()))
        if count < LEAST_SONGS or by < LEAST_ARTISTS:
            raise SongsError(
                f"{path}: mood {mood!r} has {count} songs of {by} artists; "
                f"{LEAST_SONGS} of {LEAST_ARTISTS} are needed"
            )
