"""Listening with moods: the play counts and tags of HetRec 2011 Last.fm, read as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.recommend.proof.tables import TABS, InteractionsError, number_of, numbered_rows

#: Spellings of tags, in lower case, that name a song mood. Genres with a mood in their name are
#: left out but for darkwave, whose listeners use it as one.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "happy": (
        "happy", "happiness", "happy song", "happy songs", "fun", "feel good", "feelgood",
        "feel-good", "good mood", "cheerful", "joyful", "uplifting", "optimistic",
    ),
    "energetic": (
        "energetic", "energy", "party", "upbeat", "powerful", "epic", "driving", "intense",
    ),
    "calm": (
        "calm", "calming", "chill", "chilled", "chillout", "chill out", "chill-out", "mellow",
        "relax", "relaxed", "relaxing", "soothing", "peaceful", "quiet", "soft",
    ),
    "romantic": ("romantic", "romance", "love", "love song", "love songs", "sensual", "sexy"),
    "sad": (
        "sad", "sad song", "sad songs", "sadness", "melancholic", "melancholy", "depressing",
        "depressive", "heartbreak", "lonely", "bittersweet",
    ),
    "dark": ("dark", "dark songs", "darkwave", "gloomy", "sinister", "creepy", "eerie"),
    "angry": ("angry", "anger", "aggressive", "rage", "brutal"),
}  # fmt: skip
MOODS = tuple(SPELLINGS)
_MOOD_OF = {tag: mood for mood, (_, tags) in enumerate(SPELLINGS.items()) for tag in tags}

PLAYS = ("userID", "artistID", "weight")
TAGS = ("userID", "artistID", "tagID")
NAMES = ("tagID", "tagValue")


@dataclass(frozen=True)
class MoodTags:
    """Who plays what, and who calls which artist what mood.

    Attributes
    ----------
    plays : scipy.sparse.csr_matrix (users, artists) of play counts, positive
    users, artists, moods : (k,) int64 codes; each person's word on an artist and mood counts
        once, however many of its spellings were used. Sorted by user, mood, artist.
    """

    plays: Any
    users: np.ndarray
    artists: np.ndarray
    moods: np.ndarray

    def people(self) -> np.ndarray:
        """(moods, artists) float32: how many people call each artist each mood."""
        counted = np.zeros((len(MOODS), self.plays.shape[1]), dtype=np.float32)
        np.add.at(counted, (self.moods, self.artists), 1)
        return counted


def read_mood_tags(plays: Path, tags: Path, tag_names: Path) -> MoodTags:
    """Read the three files, tab-separated with a header, plain or `.gz`, `.bz2`, `.xz`.

    Parameters
    ----------
    plays : userID, artistID, weight (play count)
    tags : userID, artistID, tagID
    tag_names : tagID, tagValue; in Latin-1, as published

    Raises
    ------
    InteractionsError
        When a file cannot be read, a column is missing, a cell is empty, a count is no positive
        number, a tag has no name, or a file has no row. The message names file and line.
    """
    from scipy.sparse import csr_matrix

    users: dict[str, int] = {}
    artists: dict[str, int] = {}
    counts: dict[tuple[int, int], float] = {}
    for where, (user, artist, weight) in rows_of(plays, PLAYS):
        pair = users.setdefault(user, len(users)), artists.setdefault(artist, len(artists))
        counts[pair] = counts.get(pair, 0.0) + count_of(weight, where)
    names = {tag: name.lower() for _, (tag, name) in rows_of(tag_names, NAMES)}
    said: set[tuple[int, int, int]] = set()
    for where, (user, artist, tag) in rows_of(tags, TAGS):
        if tag not in names:
            raise InteractionsError(f"{where}: {tag_names} has no tag {tag!r}")
        mood = _MOOD_OF.get(names[tag])
        if mood is not None:
            code = users.setdefault(user, len(users))
            said.add((code, mood, artists.setdefault(artist, len(artists))))
    places = np.array(list(counts), dtype=np.int64)
    words = np.array(sorted(said), dtype=np.int64).reshape(-1, 3)
    return MoodTags(
        plays=csr_matrix(
            (np.array(list(counts.values())), places.T), shape=(len(users), len(artists))
        ),
        users=words[:, 0],
        artists=words[:, 2],
        moods=words[:, 1],
    )


def rows_of(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Where each row is, and its cells in the order of `columns`; there must be one.

    Raises
    ------
    InteractionsError
        When the file is not usable, or has no row below the header.
    """
    where = ""
    for where, cells in numbered_rows(path, columns, form=TABS):
        yield where, [cells[name] for name in columns]
    if not where:
        raise InteractionsError(f"{path}: no row below the header")


def count_of(text: str, where: str) -> float:
    """A play count."""
    return number_of(text, f"{where}: weight", positive=True)
