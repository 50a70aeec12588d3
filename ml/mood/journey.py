"""The journey: from the mood that was read to the goal, step by step, one stop for each song.

To match first and then move is an old practice of music therapy (the iso-principle; Starcke, Mayr,
von Georgi 2021); trials find it as good as going there at once, not better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.mood.space import Space
from ml.mood.target import WISH, Target

#: Longest step between neighbouring stops, as a distance in the plane whose sides are 2 long.
STEP = 0.25
#: Distance in the song space at which a song is as good as one of which no mood is known; at twice
#: this it counts as opposite. The points of happy and sad songs lie about 1.7 apart.
NEAR = 0.75
#: Share of the direction in what a song agrees by, besides nearness. It decides between moods that
#: lie about as far from a stop, on one side of it and on the other, and among songs of one mood.
#: With it the last songs are those of the goal without a journey.
DIRECTION = 0.25


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

        Nearness in the plane decides first. A cosine alone could not: it sees directions, and a
        way that leads past the middle of the catalogue has none there. The direction is that of
        the start to begin with and that of the goal in the end; what the goal wishes of the sound
        counts as far as the way has been travelled.

        Parameters
        ----------
        points : (n, 2) valence and arousal of the songs; NaN for a song without moods, which then
            lies `NEAR` every stop
        vectors : (n, d) of the songs, see `Space.vectors`
        """
        agreement = (1 - DIRECTION) * _nearness(space.plane(points), space.plane(self.stops))
        begin = space.toward(self.stops[0])
        length = np.linalg.norm(begin)
        begin = begin / length if length > 1e-9 else begin
        at_first = DIRECTION * (vectors @ begin.astype(vectors.dtype))
        in_the_end = DIRECTION * self.goal.cosine(vectors)
        if self.goal.wish.any():
            in_the_end = in_the_end + WISH * self.goal.fulfilment(vectors)
        for row, share in zip(agreement, self.travelled.astype(np.float32), strict=True):
            row += (1 - share) * at_first + share * in_the_end
        return agreement


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
    np.clip(1 - away / np.float32(NEAR), -1, 1, out=away)
    away[:, ~np.isfinite(x)] = 0
    return away
