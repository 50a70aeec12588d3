"""All that is measured of one audio file: features for tables and lists, vectors, a fingerprint."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.audio.analyse import ANALYSER_VERSION, FEATURE_NAMES, SAMPLE_RATE, heard
from ml.audio.estimates import ESTIMATES_VERSION, estimates
from ml.audio.fingerprint import FINGERPRINT_VERSION, fingerprint
from ml.audio.reading import AudioError, Window, read_window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Of everything here together: measured under another one, a file is measured anew.
MEASURES_VERSION = 100 * ANALYSER_VERSION + 10 * ESTIMATES_VERSION + FINGERPRINT_VERSION
#: RMS in dB below full scale (offset taken out) under which there is nothing to hear.
SILENT_DB = -75.0
#: A mono sum this much fainter than its channels is two channels that cancel each other.
_CANCELLED = 1e-3
_MFCC_COUNT = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one recording; all numbers are finite.

    Attributes
    ----------
    features : {name: number}: those of `ml.audio.analyse` (``mode`` and ``energy`` excepted, which
        are here on the scales of tables; ``mode`` of the analyser is called ``majorness``), lufs,
        glide, and `ml.audio.estimates`
    vectors : {name: numbers}: chroma (12, summing to 1, C first), mfcc_mean and mfcc_sd (20 each)
    fingerprint : see `ml.audio.fingerprint`
    duration_s : of the whole recording
    window_s : of the part that was measured
    """

    features: dict[str, float]
    vectors: dict[str, list[float]]
    fingerprint: bytes
    duration_s: float
    window_s: float

    def as_json(self) -> dict[str, Any]:
        """The same for a message between processes."""
        return {
            "features": {name: round(value, 6) for name, value in self.features.items()},
            "vectors": {
                name: [round(value, 5) for value in values] for name, values in self.vectors.items()
            },
            "fingerprint": base64.b64encode(self.fingerprint).decode(),
            "duration_s": round(self.duration_s, 3),
            "window_s": round(self.window_s, 3),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Measured:
        """Read what `as_json` wrote."""
        return cls(**{**value, "fingerprint": base64.b64decode(value["fingerprint"])})


def measure_file(path: str | os.PathLike[str]) -> Measured:
    """Measure the middle two minutes of an audio file.

    Raises
    ------
    AudioError
        missing, unreadable, unsupported_format, corrupt, too_short, silent, too_slow.
    """
    return measure_window(read_window(path))


def measure_window(window: Window) -> Measured:
    """Measure what was read of a recording.

    Raises
    ------
    AudioError
        silent.
    """
    import librosa
    import numpy as np

    y = _mono(window.samples)
    # Faint is not silent, but 16-bit noise below the least bit is.
    if 10.0 * np.log10(float(np.mean(y.astype(np.float64) ** 2)) + 1e-20) < SILENT_DB:
        raise AudioError("silent")
    if window.rate != SAMPLE_RATE:
        y = librosa.resample(y, orig_sr=window.rate, target_sr=SAMPLE_RATE, res_type="soxr_mq")
    found = heard(y)
    values = dict(zip(FEATURE_NAMES, found.values, strict=True))
    values |= {"lufs": _lufs(window), "glide": found.glide, "key": float(found.key)}
    told = estimates(values)
    values["majorness"] = values["mode"]
    mfcc = librosa.feature.mfcc(S=found.mel_db, n_mfcc=_MFCC_COUNT)
    chroma = found.chroma.mean(axis=1)
    return Measured(
        features={name: float(np.nan_to_num(value)) for name, value in {**values, **told}.items()},
        vectors={
            "chroma": (chroma / max(float(chroma.sum()), 1e-9)).tolist(),
            "mfcc_mean": mfcc.mean(axis=1).tolist(),
            "mfcc_sd": mfcc.std(axis=1).tolist(),
        },
        fingerprint=fingerprint(found.mel_db, found.chroma, window.duration_s),
        duration_s=window.duration_s,
        window_s=len(window.samples) / window.rate,
    )


def _mono(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) the channels' mean without offset; the louder channel where they cancel each other."""
    import numpy as np

    channels = [np.ascontiguousarray(samples[:, place]) for place in range(samples.shape[1])]
    channels = [one - np.float32(one.mean(dtype=np.float64)) for one in channels]
    mono = channels[0] if len(channels) == 1 else 0.5 * (channels[0] + channels[1])
    loudest = max(channels, key=lambda one: float(np.dot(one, one)))
    if float(np.dot(mono, mono)) < _CANCELLED * float(np.dot(loudest, loudest)):
        return loudest
    return mono


def _lufs(window: Window) -> float:
    """Integrated loudness by ITU-R BS.1770, -70 where all of it lies below the gate."""
    import numpy as np
    import pyloudnorm

    found = float(pyloudnorm.Meter(window.rate).integrated_loudness(window.samples))
    return max(-70.0, found) if np.isfinite(found) else -70.0
