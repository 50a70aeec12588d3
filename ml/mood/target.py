"""The target: what a reading and a goal ask for, as a point and as a direction among songs."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Target:
    """What a list aims at.

    Attributes
    ----------
    valence, arousal : the point, each -1..1
    vector : (d,) unit vector in the song space, or zeros when the point is the catalogue's centre
    strength : 0..1, how plainly the target points anywhere
    """

    valence: float
    arousal: float
    vector: np.ndarray
    strength: float

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
        """
        agreement = self.cosine(vectors)
        if len(judged):
            by_word = self.cosine(space.judged(vectors[judged]))
            agreement[judged] = by_word + SOUND * agreement[judged]
        return agreement


def target(
    probabilities: np.ndarray, points: np.ndarray, space: Space, *, least: float = LEAST
) -> Target:
    """Join a reading to the song space.

    Parameters
    ----------
    probabilities : (7,) of the emotions, summing to 1
    points : (7, 2) where each emotion leads under the goal (valence, arousal)
    least : strength below which the target never falls. A goal that the listener names (lift,
        calm) is a wish, not a guess from a face, and deserves a higher one.

    The point is the probability-weighted mean, so that a face half fear, half surprise stays in
    the middle of its uncertainty, and an ambiguous one comes out near the centre, weak.
    """
    point = np.asarray(probabilities, dtype=np.float64) @ np.asarray(points, dtype=np.float64)
    toward = space.toward(point)
    length = float(np.linalg.norm(toward))
    unit = toward / length if length > 1e-9 else np.zeros_like(toward)
    strength = float(np.clip(length / PLAIN, least, 1.0)) if length > 1e-9 else 0.0
    return Target(float(point[0]), float(point[1]), unit, strength)
