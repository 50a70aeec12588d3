"""The space songs lie in: mood coordinates and measured audio features, centred and standardised.

Raw values in 0..1 all lie in one quadrant, where the angle between two songs says almost nothing;
centred on the catalogue, the cosine separates the moods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Share of each group in a song's squared length. The curators' moods carry most, so that a change
#: of moods moves the song at once; arousal more than valence, because listeners agree more on it
#: and audio predicts it better (correlation about .75 against .5).
VALENCE_SHARE = 0.30
AROUSAL_SHARE = 0.45
AUDIO_SHARE = 0.25
#: Standard deviations; one odd measurement must not decide the direction of a song.
CLIP = 3.0
#: Ridge penalty as a share of the number of songs.
RIDGE = 0.01


@dataclass(frozen=True, slots=True)
class Space:
    """A fitted space of `2 + len(names)` dimensions: valence, arousal, then the features.

    Attributes
    ----------
    names : audio features, in the order of their dimensions
    mean, inverse_scale : (d,), of the catalogue; the scale of a constant dimension counts as
        infinite, so that it says nothing
    weights : (d,), square roots of the groups' shares
    expected : (2, d - 2), the features (in this space) to expect at a point (in this space)
    """

    names: tuple[str, ...]
    mean: np.ndarray
    inverse_scale: np.ndarray
    weights: np.ndarray
    expected: np.ndarray

    @classmethod
    def fit(cls, points: np.ndarray, features: np.ndarray, names: tuple[str, ...]) -> Space:
        """Fit to a catalogue.

        Parameters
        ----------
        points : (n, 2) valence and arousal, each -1..1; NaN for a song without moods
        features : (n, len(names)) in any units; NaN where unmeasured
        """
        raw = np.column_stack([points, features]).astype(np.float64)
        raw[~np.isfinite(raw)] = np.nan
        known = np.maximum(np.sum(~np.isnan(raw), axis=0), 1)
        mean = np.nansum(raw, axis=0) / known
        variance = np.nansum((raw - mean) ** 2, axis=0) / known
        informative = variance > 1e-12 * (1.0 + mean**2)
        inverse_scale = np.where(informative, 1.0 / np.sqrt(np.where(informative, variance, 1)), 0)
        audio = [AUDIO_SHARE / max(len(names), 1)] * len(names)
        weights = np.sqrt([VALENCE_SHARE, AROUSAL_SHARE, *audio])

        empty = cls(names, mean, inverse_scale, weights, np.zeros((2, len(names))))
        scaled = empty._scaled(raw)
        complete = ~np.isnan(raw).any(axis=1)
        at, heard = scaled[complete, :2], scaled[complete, 2:]
        normal = at.T @ at + (RIDGE * len(at) + 1e-9) * np.eye(2)
        return cls(names, mean, inverse_scale, weights, np.linalg.solve(normal, at.T @ heard))

    def vectors(self, points: np.ndarray, features: np.ndarray) -> np.ndarray:
        """Unit vectors of songs, (n, d) float32.

        What is unknown of a song counts as average; a song of which all is unknown becomes the
        zero vector, whose cosine with everything is 0: neutral, and still rankable.
        """
        scaled = self._scaled(np.column_stack([points, features]))
        length = np.linalg.norm(scaled, axis=1, keepdims=True)
        return (scaled / np.where(length > 0, length, 1)).astype(np.float32)

    def toward(self, point: np.ndarray) -> np.ndarray:
        """A point (valence, arousal) in this space, (d,), with the features to expect there."""
        scaled = self._scaled(np.append(point, self.mean[2:])[None, :])[0]
        scaled[2:] = scaled[:2] @ self.expected
        return scaled

    def plane(self, points: np.ndarray) -> np.ndarray:
        """Points (valence, arousal) as the first two dimensions here, (n, 2); NaN stays NaN."""
        standard = (points - self.mean[:2]) * self.inverse_scale[:2]
        return np.clip(standard, -CLIP, CLIP) * self.weights[:2]

    def carried(self, vectors: np.ndarray) -> np.ndarray:
        """What of songs' sound is not explained by their mood, (m, d) unit vectors.

        A liking for warm, slow timbres carries over from happy evenings to sad ones; a liking for
        happy songs does not. Zero for songs whose features are unknown.
        """
        rest = np.zeros_like(vectors)
        measured = np.any(vectors[:, 2:] != 0, axis=1)
        rest[measured, 2:] = vectors[measured, 2:] - vectors[measured, :2] @ self.expected
        length = np.linalg.norm(rest, axis=1, keepdims=True)
        return rest / np.where(length > 1e-6, length, np.inf)

    def judged(self, vectors: np.ndarray) -> np.ndarray:
        """Songs as their moods alone describe them, (m, d) unit vectors: with expected features."""
        points = vectors[:, :2]
        whole = np.column_stack([points, points @ self.expected])
        length = np.linalg.norm(whole, axis=1, keepdims=True)
        return (whole / np.where(length > 0, length, 1)).astype(vectors.dtype)

    def _scaled(self, raw: np.ndarray) -> np.ndarray:
        finite = np.where(np.isfinite(raw), raw, np.nan)
        standard = (finite - self.mean) * self.inverse_scale
        return np.clip(np.nan_to_num(standard, nan=0.0), -CLIP, CLIP) * self.weights
