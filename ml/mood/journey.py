"""The journey: from the mood that was read to the goal, step by step, one stop for each song.

To match first and then move is an old practice of music therapy (the iso-principle; Starcke, Mayr,
von Georgi 2021); trials find it as good as going there at once, not better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.mood.space import Space
from ml.mood.target import SOUND, WISH, Target

#: Longest step between neighbouring stops, as a distance in the plane whose sides are 2 long.
STEP = 0.25
#: Distance in the song space at which a song is as good as one of which no mood is known; at twice
#: this it counts as opposite. The points of happy and sad songs lie about 1.7 apart.
NEAR = 0.75


@dataclass(frozen=True, slots=True)
class Journey:
    """Stops on the way to a target.

    Attributes
    ----------
    stops : (k, 2) valence and arousal, each -1..1
    travelled : (k,) how much of the way lies behind each stop, 0..1
    goal : where it leads
    """

    stops: np.ndarray
    travelled: np.ndarray
    goal: Target

    def agreement(self, points: np.ndarray, vectors: np.ndarray, space: Space) -> np.ndarray:
        """How well each song suits each stop, (k, n) float32, in the unit of a cosine.

        Nearness in the plane decides. A cosine could not: it sees directions, and a way that leads
        past the middle of the catalogue has none there. The sound orders songs that are equally
        near, and what the goal wishes of it counts as far as the way has been travelled.

        Parameters
        ----------
        points : (n, 2) valence and arousal of the songs; NaN for a song without moods, which then
            lies `NEAR` every stop
        vectors : (n, d) of the songs, see `Space.vectors`
        """
        near = _nearness(space.plane(points), space.plane(self.stops))
        toward = np.array([space.toward(stop) for stop in self.stops])
        length = np.linalg.norm(toward, axis=1, keepdims=True)
        unit = (toward / np.where(length > 1e-9, length, np.inf)).astype(np.float32)
        near += SOUND * (unit @ vectors.T)
        if self.goal.wish.any():
            asked = (WISH * self.travelled).astype(np.float32)
            near += asked[:, None] * self.goal.fulfilment(vectors)
        return near


def journey(start: tuple[float, float], goal: Target, songs: int) -> Journey:
    """The straight way from `start` (valence, arousal) to the goal, in equal steps.

    Valence and arousal never turn back. With too few songs for the distance the steps stay at
    `STEP` and the way ends before the goal, as near as they lead.
    """
    begin, end = np.array(start, dtype=np.float64), np.array([goal.valence, goal.arousal])
    distance = float(np.linalg.norm(end - begin))
    reach = min(1.0, STEP * (songs - 1) / distance) if distance > 0 else 1.0
    travelled = np.linspace(0.0, reach, songs)
    stops = begin + travelled[:, None] * (end - begin)
    # Rounding must not carry a stop past the goal.
    stops = np.clip(stops, np.minimum(begin, end), np.maximum(begin, end))
    return Journey(stops, travelled, goal)


def _nearness(songs: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """(k, n) float32, 1 at the stop, 0 at the distance `NEAR` and where unknown, at least -1."""
    away = np.empty((len(stops), len(songs)), dtype=np.float32)
    x, y = songs.astype(np.float32).T
    for row, (at_x, at_y) in zip(away, stops.astype(np.float32), strict=True):
        np.hypot(x - at_x, y - at_y, out=row)
    return np.nan_to_num(np.clip(1 - away / np.float32(NEAR), -1, 1), copy=False, nan=0.0)
