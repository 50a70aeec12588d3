"""Pitch classes, key and mode of a signal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FRAME, _HOP = 4096, 2048
_BASS_WEIGHT = 0.2
# Krumhansl & Kessler (1982), probe-tone ratings of a major and a minor key on C.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True, slots=True)
class Tonal:
    """What was measured of harmony.

    Attributes
    ----------
    values : {name: number}: mode, key_strength, chroma_entropy, harmonic_change
    chroma : (12, frames) energy of the pitch classes from C on
    key : pitch class 0..11 on which the best key rests; 0 where nothing is tonal
    """

    values: dict[str, float]
    chroma: NDArray[np.float32]
    key: int


def tonal(y: NDArray[np.float32], rate: int) -> Tonal:
    """Measure (n,) mono samples at `rate` per second."""
    import librosa
    import numpy as np

    power = np.abs(librosa.stft(y, n_fft=_FRAME, hop_length=_HOP))
    hz = librosa.fft_frequencies(sr=rate, n_fft=_FRAME)[:, None]

    def folded(low_hz: float, high_hz: float) -> NDArray[np.float32]:
        inside = np.where((hz > low_hz) & (hz < high_hz), power, 0.0)
        found: NDArray[np.float32] = librosa.feature.chroma_stft(
            S=inside, sr=rate, n_fft=_FRAME, tuning=0.0, norm=None
        )
        return found

    # Above 2 kHz there are overtones and cymbals.
    chroma = folded(60.0, 2000.0)
    mean = chroma.mean(axis=1)
    if float(mean.sum()) < 1e-6:
        none = {"mode": 0.0, "key_strength": 0.0, "chroma_entropy": 1.0, "harmonic_change": 0.0}
        return Tonal(none, chroma, 0)
    share = mean / mean.sum()
    # A major key and its relative minor share their notes; the bass, which rests on the tonic more
    # than elsewhere, helps to tell them apart.
    bass = folded(40.0, 180.0).mean(axis=1)
    bass = _BASS_WEIGHT * (bass - bass.mean()) / (bass.max() + 1e-9)
    fits, keys = [0.0, 0.0], [0, 0]
    if float(share.std()) > 1e-9:
        for which, profile in enumerate((_MAJOR, _MINOR)):
            by_key = [
                float(np.corrcoef(np.roll(profile, key), share)[0, 1] + bass[key])
                for key in range(12)
            ]
            fits[which], keys[which] = max(by_key), int(np.argmax(by_key))
    step = round(0.5 * rate / _HOP)
    count = chroma.shape[1] // step
    blocks = chroma[:, : count * step].reshape(12, count, step).mean(axis=2)
    blocks = blocks / (np.linalg.norm(blocks, axis=0) + 1e-9)
    change = 1.0 - (blocks[:, 1:] * blocks[:, :-1]).sum(axis=0)
    values = {
        "mode": float(np.clip(2.0 * (fits[0] - fits[1]), -1.0, 1.0)),
        "key_strength": float(np.clip(max(fits), -1.0, 1.0)),
        "chroma_entropy": float(-(share * np.log(share + 1e-12)).sum() / np.log(12.0)),
        "harmonic_change": float(np.clip(change.mean(), 0.0, 1.0)),
    }
    return Tonal(values, chroma, keys[0] if fits[0] >= fits[1] else keys[1])
