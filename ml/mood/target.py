"""The target: what a reading and a goal ask for, as a point and as a direction among songs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ml.mood.space import Space

#: Length (in the space) from which a target says plainly where to go. The points of the five
#: outspoken emotions lie at about 0.8 of a balanced catalogue, neutral at about 0.25.
PLAIN = 0.6
#: Least strength: even a neutral face has a mild leaning, which orders an otherwise unknown list.
LEAST = 0.25
#: What the measured sound still adds where a person's word says which moods a song has.
SOUND = 0.05
#: What a song gains that has the sound the goal wishes for, in the unit of a cosine; the opposite
#: sound costs as much. Enough to choose among neighbouring moods, not to leave them.
WISH = 0.25


@dataclass(frozen=True, slots=True)
class Target:
    """What a list aims at.

    Attributes
    ----------
    valence, arousal : the point, each -1..1
    vector : (d,) unit vector in the song space, or zeros when the point is the catalogue's centre
    strength : 0..1, how plainly the target points anywhere
    wish : (d,) the sound wished for: its product with a song is 1 where the song has just that
        sound, 0 where it has the catalogue's average; zeros without a wish
    """

    valence: float
    arousal: float
    vector: np.ndarray
    strength: float
    wish: np.ndarray

    def cosine(self, vectors: np.ndarray) -> np.ndarray:
        """Agreement of songs (unit vectors, (n, d)) with the target, (n,), each -1..1."""
        return vectors @ self.vector.astype(vectors.dtype)

    def agreement(self, vectors: np.ndarray, judged: np.ndarray, space: Space) -> np.ndarray:
        """The cosine, where a person's judgement of a song's moods outranks how it measures.

        Parameters
        ----------
        judged : (k,) indexes of songs whose moods a person has judged. They agree with the target
            as their moods do (up to 1.05); their sound only orders them among one another. So a
            song that a curator moves is among the first of its new mood, however it sounds there.

        A wish adds up to `WISH` to any of them, or takes it.
        """
        agreement = self.cosine(vectors)
        if len(judged):
            by_word = self.cosine(space.judged(vectors[judged]))
            agreement[judged] = by_word + SOUND * agreement[judged]
        if self.wish.any():
            agreement += WISH * self.fulfilment(vectors)
        return agreement

    def fulfilment(self, vectors: np.ndarray) -> np.ndarray:
        """How far songs have the sound wished for, (n,), each -1..1.

        More of it than was wished for is no better; a song without the features counts as average.
        """
        return np.clip(vectors @ self.wish.astype(vectors.dtype), -1, 1)


def target(
    probabilities: np.ndarray,
    points: np.ndarray,
    space: Space,
    *,
    wishes: Mapping[str, np.ndarray] | None = None,
    least: float = LEAST,
) -> Target:
    """Join a reading to the song space.

    Parameters
    ----------
    probabilities : (7,) of the emotions, summing to 1
    points : (7, 2) where each emotion leads under the goal (valence, arousal)
    wishes : {feature: (7,) standard deviations above the catalogue's mean that each emotion asks
        for under the goal, NaN where it asks for nothing}. A feature that the space does not have,
        or that is the same for all songs, is passed over.
    least : strength below which the target never falls. A goal that the listener names (lift,
        calm, focus) is a wish, not a guess from a face, and deserves a higher one.

    The point is the probability-weighted mean, so that a face half fear, half surprise stays in
    the middle of its uncertainty, and an ambiguous one comes out near the centre, weak.
    """
    chances = np.asarray(probabilities, dtype=np.float64)
    point = chances @ np.asarray(points, dtype=np.float64)
    toward = space.toward(point)
    length = float(np.linalg.norm(toward))
    unit = toward / length if length > 1e-9 else np.zeros_like(toward)
    strength = float(np.clip(length / PLAIN, least, 1.0)) if length > 1e-9 else 0.0
    wish = _wish(chances, wishes or {}, space)
    return Target(float(point[0]), float(point[1]), unit, strength, wish)


def _wish(chances: np.ndarray, wishes: Mapping[str, np.ndarray], space: Space) -> np.ndarray:
    """(d,) the direction of the wished features, scaled so that meeting them all gives 1.

    A song's unit vector holds its standard deviations but for the weights and its length, whose
    mean square over a catalogue is 1; so its product with this is a projection on the wish.
    """
    row, squares = np.zeros(len(space.mean)), 0.0
    for place, name in enumerate(space.names, start=2):
        if name not in wishes or not space.inverse_scale[place]:
            continue
        values = np.asarray(wishes[name], dtype=np.float64)
        asked = np.isfinite(values)
        share = float(chances[asked].sum())
        if share <= 0:
            continue
        value = float(chances[asked] @ values[asked]) / share
        row[place] = share * value / space.weights[place]
        squares += value**2
    return row / squares if squares > 1e-9 else np.zeros_like(row)
