"""The dial from familiar to new: how many songs of a list the listener has never met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.recommend.spread import WIDTH


@dataclass(frozen=True, slots=True)
class Dial:
    """What a listener knows, and how much of it a list should hold.

    Attributes
    ----------
    known : (k,) indexes of the songs that the listener has heard or rated
    plays : (k,) how often the listener has played each to the end, lately counting more
    new_share : 0..1 of songs the listener does not know; None to let the scores decide
    familiar_first : whether known songs come first, those played most often before the others
    """

    known: np.ndarray
    plays: np.ndarray
    new_share: float | None = None
    familiar_first: bool = False


def classes_of(
    dial: Dial | None, allowed: np.ndarray, versions: np.ndarray, size: int
) -> tuple[list[np.ndarray], list[int]]:
    """Indexes of the allowed songs, [all] or [known, new], and the places wanted of each.

    Where there are too few different songs of a class, the other takes the rest of its places.
    """
    if dial is None or dial.new_share is None:
        return [np.flatnonzero(allowed)], [size]
    new = allowed.copy()
    new[dial.known] = False
    known = np.unique(dial.known[allowed[dial.known]])
    classes = [known, np.flatnonzero(new)]
    wanted_new = round(dial.new_share * size)
    rooms = [
        min(want, _different(songs, versions, size))
        for want, songs in zip((size - wanted_new, wanted_new), classes, strict=True)
    ]
    spare = size - sum(rooms)
    if rooms[0] == size - wanted_new:
        rooms[0] += spare
    else:
        rooms[1] += spare
    return classes, rooms


def _different(songs: np.ndarray, versions: np.ndarray, size: int) -> int:
    """How many different songs there are; of many songs, all count as different."""
    return len(np.unique(versions[songs])) if len(songs) <= WIDTH * size else len(songs)


def familiar_first(dial: Dial, songs: list[int]) -> list[int]:
    """Known songs by how often they were played, then the others; equal ones stay in order."""
    plays = dict(zip(dial.known.tolist(), dial.plays.tolist(), strict=True))
    return sorted(songs, key=lambda song: (song not in plays, -plays.get(song, 0)))
