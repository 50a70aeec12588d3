"""The public SiTunes folder (CHIIR 2024): rated listens with the mood before and after them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: The published splits: ten random ones for each setting.
FIRST_SEED = 101
SEEDS = 10
SETTINGS = (2, 3)
#: A change of valence of less than this counts as none, as published.
CHANGE = 0.125
#: A rating from which a song counts as liked, as published.
LIKED = 3
#: Columns of a song that name it or repeat another.
_NO_FEATURE = frozenset({"", "item_id", "general_genre", "general_genre_id"})


class SitunesError(ValueError):
    """The folder is not what its format promises; the message names file and line."""


@dataclass(frozen=True)
class Listens:
    """Rated listens, one of each row.

    Attributes
    ----------
    users, items : (n,) int64, the folder's own numbers
    ratings : (n,) float64, 1..5
    context : (n, c) what was measured around the listen: time of day, weather, wrist. Not the
        place: the product does not ask for it.
    before, after : (n, 2) valence and arousal, each -1..1
    songs : (n, s) features of the song
    """

    users: np.ndarray
    items: np.ndarray
    ratings: np.ndarray
    context: np.ndarray
    before: np.ndarray
    after: np.ndarray
    songs: np.ndarray

    @property
    def liked(self) -> np.ndarray:
        """(n,) bool."""
        return self.ratings >= LIKED

    @property
    def change(self) -> np.ndarray:
        """(n,) int64: 0 where valence went down, 1 where it stayed, 2 where it went up."""
        moved = self.after[:, 0] - self.before[:, 0]
        return np.where(moved > CHANGE, 2, np.where(moved < -CHANGE, 0, 1)).astype(np.int64)

    def only(self, rows: np.ndarray) -> Listens:
        """Some rows."""
        return Listens(
            self.users[rows], self.items[rows], self.ratings[rows], self.context[rows],
            self.before[rows], self.after[rows], self.songs[rows],
        )  # fmt: skip


def read_split(folder: Path, setting: int, seed: int) -> tuple[Listens, Listens]:
    """What is learnt from (train and validation part together) and the test part.

    Raises
    ------
    SitunesError
        When a file is missing or not as published.
    """
    songs = read_song_features(folder)
    stem = folder / "splits" / f"setting{setting}-{seed}"
    parts = [_read_part(Path(f"{stem}.{part}.inter"), songs) for part in ("train", "valid", "test")]
    learnt = Listens(
        *(np.concatenate([a, b]) for a, b in zip(*map(_columns, parts[:2]), strict=True))
    )
    return learnt, parts[2]


def read_lab(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Stage 1: energy of the song (n,) and arousal after it (n,), with the sign set right.

    The file's `emo_arousal` has the opposite sign of the other stages' (lively songs come out as
    calming), so it is multiplied by -1 here; nothing else of the product may read it.
    """
    energies = {row["item_id"]: row["energy"] for row in _song_rows(folder)}
    path = folder / "Stage1" / "interactions.csv"
    rows = _csv(path, ("item_id", "emo_arousal"))
    energy = [_number(energies.get(row["item_id"], ""), f"{path}: energy") for row in rows]
    arousal = [_number(row["emo_arousal"], f"{path}: emo_arousal") for row in rows]
    return np.array(energy), -np.array(arousal)


def read_song_features(folder: Path) -> dict[int, np.ndarray]:
    """Features of each song by its number: all numbers, and its genre as one of k."""
    rows = _song_rows(folder)
    names = [name for name in rows[0] if name not in _NO_FEATURE]
    genres = sorted({row["general_genre"] for row in rows})
    path = folder / "music_metadata" / "music_info.csv"
    return {
        int(row["item_id"]): np.array(
            [_number(row[name] or "0", f"{path}: {name}") for name in names]
            + [float(row["general_genre"] == genre) for genre in genres]
        )
        for row in rows
    }


def _song_rows(folder: Path) -> list[dict[str, str]]:
    path = folder / "music_metadata" / "music_info.csv"
    return _csv(path, ("item_id", "energy", "general_genre"))


def _csv(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    rows = list(csv.DictReader(_text(path).splitlines()))
    if not rows:
        raise SitunesError(f"{path}: no rows")
    missing = [name for name in needed if name not in rows[0]]
    if missing:
        raise SitunesError(f"{path}: the header must name {', '.join(missing)}")
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SitunesError(f"{path} cannot be read: {error}") from error


def _columns(listens: Listens) -> tuple[np.ndarray, ...]:
    return (
        listens.users, listens.items, listens.ratings, listens.context, listens.before,
        listens.after, listens.songs,
    )  # fmt: skip


def _read_part(path: Path, songs: dict[int, np.ndarray]) -> Listens:
    lines = [line.split("\t") for line in _text(path).splitlines()]
    header = [name.partition(":")[0] for name in lines[0]] if lines else []
    try:
        user, item, rating, moment, before, after = (
            header.index(name)
            for name in (
                "user_id", "item_id", "rating", "timestamp", "emo_pre_valence", "emo_post_valence"
            )
        )  # fmt: skip
    except ValueError as error:
        raise SitunesError(f"{path}: the header lacks a column: {error}") from error
    context = [place for place in range(rating + 1, moment) if not header[place].startswith("GPS")]
    if len(lines) < 2:
        raise SitunesError(f"{path}: no rows")
    # Setting 3 calls both values of the mood before (twice) emo_pre_valence: the place tells.
    wanted = [user, item, rating, *context, before, before + 1, after, after + 1]
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise SitunesError(
                f"{path}, line {number}: expected {len(header)} columns, found {len(line)}"
            )
    table = np.array(
        [
            [_number(line[place], f"{path}, line {number}: {header[place]}") for place in wanted]
            for number, line in enumerate(lines[1:], start=2)
        ]
    )
    users, items = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    for number, one in enumerate(items.tolist(), start=2):
        if one not in songs:
            raise SitunesError(f"{path}, line {number}: no song {one} in music_info.csv")
    features = np.stack([songs[one] for one in items.tolist()])
    return Listens(
        users, items, table[:, 2], table[:, 3:-4], table[:, -4:-2], table[:, -2:], features
    )


def _number(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise SitunesError(f"{where} must be a finite number, found {text!r}")
    return number
