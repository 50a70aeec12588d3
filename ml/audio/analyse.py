"""The analyser of MoodMusic: one fixed row of features for demo pieces and imported songs alike.

Every song is measured in the same way: mono, 22,050 Hz, at most the middle 30 seconds, one
short-time Fourier transform from which all features follow. The numbers describe the recording;
what they say about mood is learnt elsewhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ml.audio.tonal import tonal
from ml.audio.voice import glide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ANALYSER_VERSION = 1
SAMPLE_RATE = 22_050
WINDOW_S = 30.0
SHORTEST_S = 3.0
_FRAME, _HOP = 2048, 512
# Mean rise over the mel bands, in dB, that counts as the start of a note.
_ONSET_DB = 0.7
_FLOOR_DB = -80.0
_RANGE_DB = 60.0
_MFCC_COUNT = 13

#: Order of the features, fixed; a change needs a new ``ANALYSER_VERSION``.
FEATURE_NAMES: tuple[str, ...] = (
    "tempo_bpm",  # strongest pulse, folded into 70..140 beats a minute because octaves are unsure
    "pulse_clarity",  # height of the pulse in the onset autocorrelation, 0..1
    "loudness_db",  # RMS in dB below full scale, -80..0
    "dynamic_range_db",  # 95th minus 10th percentile of the frame levels
    "energy",  # 0..1, from loudness, onsets and brightness, see _energy
    "onset_rate",  # note onsets per second
    "percussiveness",  # share of the spectrum that is new in each frame, 0..1
    "centroid_hz",  # brightness: energy-weighted centre of the spectrum
    "rolloff_hz",  # 85 % of the energy lies below
    "bandwidth_hz",  # spread around the centroid
    "flatness",  # 0 tonal .. 1 noise
    "zero_crossings",  # share of samples that change sign
    "low_share",  # energy below 150 Hz, 0..1
    "high_share",  # energy above 4 kHz, 0..1
    "contrast_db",  # peaks over valleys of the spectrum, mean of the bands
    "mode",  # -1 minor .. 1 major, how much better the best major key fits
    "key_strength",  # fit of the best key, -1..1
    "chroma_entropy",  # 0 one pitch class .. 1 all alike
    "harmonic_change",  # mean distance of successive half-second chroma vectors, 0..1
    *(f"mfcc_{number:02d}" for number in range(1, _MFCC_COUNT + 1)),
)


@dataclass(frozen=True, slots=True)
class Features:
    """What was measured of one recording.

    Attributes
    ----------
    values : one number per entry of ``FEATURE_NAMES``, all finite
    duration_s : length of the whole recording in seconds
    """

    values: tuple[float, ...]
    duration_s: float

    def as_dict(self) -> dict[str, float]:
        """Return the features by name."""
        return dict(zip(FEATURE_NAMES, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Heard:
    """What was measured of samples, and what further measures are made of.

    Attributes
    ----------
    values : one number per entry of ``FEATURE_NAMES``, all finite
    mel_db : (96, frames) of ``_HOP`` samples each
    chroma : (12, frames) energy of the pitch classes from C on, of longer frames
    key : pitch class 0..11 of the best key
    glide : 0..1, see ml.audio.voice
    """

    values: tuple[float, ...]
    mel_db: NDArray[np.float32]
    chroma: NDArray[np.float32]
    key: int
    glide: float


def analyse_file(path: str | os.PathLike[str]) -> Features:
    """Measure an audio file (MP3, Ogg, FLAC, WAV: whatever libsndfile reads).

    Raises
    ------
    FileNotFoundError
        if there is no such file.
    ValueError
        if the file is no readable audio or shorter than ``SHORTEST_S`` seconds.
    """
    import soundfile

    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}")
    try:
        with soundfile.SoundFile(str(file)) as source:
            rate, frames = source.samplerate, source.frames
            _check_length(frames / rate, file.name)
            wanted = min(frames, int(WINDOW_S * rate))
            source.seek((frames - wanted) // 2)
            y = source.read(wanted, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"{file.name} cannot be read as audio: {error}") from error
    _check_length(len(y) / rate, file.name)
    return Features(_measured(y, rate), frames / rate)


def analyse_signal(y: NDArray[np.floating], rate: int) -> Features:
    """Measure samples in memory.

    Parameters
    ----------
    y : (n,) mono or (n, channels) samples, full scale -1..1
    rate : samples per second

    Raises
    ------
    ValueError
        if the signal has another shape, is shorter than ``SHORTEST_S`` seconds or has samples
        that are not finite.
    """
    if y.ndim not in (1, 2):
        raise ValueError(f"samples must have shape (n,) or (n, channels), not {y.shape}")
    _check_length(len(y) / rate, "the signal")
    wanted = min(len(y), int(WINDOW_S * rate))
    start = (len(y) - wanted) // 2
    return Features(_measured(y[start : start + wanted], rate), len(y) / rate)


def _check_length(seconds: float, name: str) -> None:
    if seconds < SHORTEST_S:
        raise ValueError(f"{name} lasts {seconds:.1f} s; at least {SHORTEST_S:.0f} s are needed")


def _measured(window: NDArray[np.floating], rate: int) -> tuple[float, ...]:
    import librosa
    import numpy as np

    y = np.asarray(window, dtype=np.float32)
    y = y.mean(axis=1) if y.ndim == 2 else y
    if not np.isfinite(y).all():
        raise ValueError("the signal holds samples that are not finite")
    if rate != SAMPLE_RATE:
        y = librosa.resample(y, orig_sr=rate, target_sr=SAMPLE_RATE, res_type="soxr_mq")
    return heard(y).values


def heard(y: NDArray[np.float32]) -> Heard:
    """Measure (n,) finite mono samples at ``SAMPLE_RATE``, all of them."""
    import librosa
    import numpy as np

    magnitude = np.abs(librosa.stft(y, n_fft=_FRAME, hop_length=_HOP))
    power = magnitude**2
    mel_db = librosa.power_to_db(
        librosa.feature.melspectrogram(S=power, sr=SAMPLE_RATE, n_mels=96), ref=1.0, top_db=None
    )
    # Encoders leave out what is too faint to hear; a floor makes the same of a file and its source.
    mel_db = np.maximum(mel_db, mel_db.max() - _RANGE_DB)
    spectral = _spectral(y, magnitude, power)
    rhythm = _rhythm(mel_db)
    spectral["energy"] = _energy(
        spectral["loudness_db"], rhythm["onset_rate"], spectral["centroid_hz"]
    )
    coefficients = librosa.feature.mfcc(S=mel_db, n_mfcc=_MFCC_COUNT).mean(axis=1)
    harmony = tonal(y, SAMPLE_RATE)
    found = {**spectral, **rhythm, **harmony.values}
    found |= {f"mfcc_{number:02d}": v for number, v in enumerate(coefficients, start=1)}
    values = tuple(float(np.nan_to_num(found[name])) for name in FEATURE_NAMES)
    gliding = glide(magnitude, librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=_FRAME))
    return Heard(values, mel_db, harmony.chroma, harmony.key, gliding)


def _spectral(
    y: NDArray[np.float32], magnitude: NDArray[np.float32], power: NDArray[np.float32]
) -> dict[str, float]:
    import librosa
    import numpy as np

    hz = librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=_FRAME)
    frame_power = power.sum(axis=0)
    weights = frame_power / (frame_power.sum() + 1e-12)
    spectrum = power.sum(axis=1)
    total = float(spectrum.sum()) + 1e-12
    # The root of the power keeps quiet overtones from vanishing beside a strong bass.
    norm = magnitude.sum(axis=0) + 1e-9
    centroid = (hz @ magnitude) / norm
    spread = np.sqrt(np.maximum((hz**2 @ magnitude) / norm - centroid**2, 0.0))
    above = np.cumsum(magnitude, axis=0) >= 0.85 * norm
    loudness = 10.0 * np.log10(float(np.mean(y.astype(np.float64) ** 2)) + 1e-8)
    frame_db = 10.0 * np.log10(frame_power / _FRAME**2 * 4 + 1e-8)
    flux = np.maximum(np.diff(magnitude, axis=1), 0.0).sum()
    return {
        "loudness_db": max(_FLOOR_DB, loudness),
        "dynamic_range_db": float(np.percentile(frame_db, 95) - np.percentile(frame_db, 10)),
        "percussiveness": float(flux / (magnitude.sum() + 1e-9)),
        "centroid_hz": float(centroid @ weights),
        "rolloff_hz": float(hz[above.argmax(axis=0)] @ weights),
        "bandwidth_hz": float(spread @ weights),
        "flatness": float(librosa.feature.spectral_flatness(S=power, power=1.0)[0] @ weights),
        "zero_crossings": float(np.mean(np.diff(np.signbit(y)))),
        "low_share": float(spectrum[hz < 150.0].sum()) / total,
        "high_share": float(spectrum[hz > 4000.0].sum()) / total,
        "contrast_db": _contrast(power, hz, weights),
    }


def _contrast(
    power: NDArray[np.float32], hz: NDArray[np.float64], weights: NDArray[np.float32]
) -> float:
    """Return peaks over valleys of the spectrum in dB, the mean of five octaves from 200 Hz."""
    import numpy as np

    floor = 1e-8 + float(power.max()) * 10.0 ** (-_RANGE_DB / 10.0)
    found = []
    for octave in range(5):
        band = np.flatnonzero((hz >= 200.0 * 2**octave) & (hz < 400.0 * 2**octave))
        level = np.sort(10.0 * np.log10(power[band] + floor), axis=0)
        edge = max(1, len(band) // 5)
        found.append(float((level[-edge:].mean(axis=0) - level[:edge].mean(axis=0)) @ weights))
    return sum(found) / len(found)


def _rhythm(mel_db: NDArray[np.float32]) -> dict[str, float]:
    import librosa
    import numpy as np

    frames_per_s = SAMPLE_RATE / _HOP
    envelope = librosa.onset.onset_strength(S=mel_db, sr=SAMPLE_RATE, hop_length=_HOP)
    if float(envelope.max()) < 1e-3:
        return {"tempo_bpm": 70.0, "pulse_clarity": 0.0, "onset_rate": 0.0}
    onsets = librosa.onset.onset_detect(
        onset_envelope=envelope, sr=SAMPLE_RATE, hop_length=_HOP, delta=_ONSET_DB, normalize=False
    )
    centred = envelope - envelope.mean()
    size = 2 * len(centred)
    same = np.fft.irfft(np.abs(np.fft.rfft(centred, size)) ** 2)[: len(centred)]
    same = same / (same[0] + 1e-9)
    lags = np.arange(1, len(same)) / frames_per_s
    bpm = 60.0 / lags
    # A soft preference for moderate tempos, then one octave: half and double cannot be told apart.
    prior = np.exp(-0.5 * (np.log2(bpm / 115.0) / 0.9) ** 2) * (bpm > 40) * (bpm < 240)
    best = int(np.argmax(same[1:] * prior))
    folded = 70.0 * 2.0 ** (np.log2(bpm[best] / 70.0) % 1.0)
    return {
        "tempo_bpm": float(folded),
        "pulse_clarity": float(np.clip(same[1 + best], 0.0, 1.0)),
        "onset_rate": len(onsets) / (len(envelope) / frames_per_s),
    }


def _energy(loudness_db: float, onset_rate: float, centroid_hz: float) -> float:
    """Return 0..1: half loudness (-35..-8 dB), a quarter each onsets (0..8/s) and brightness.

    A rule of thumb with the correlates of arousal that studies of musical emotion agree on.
    """

    def scaled(value: float, low: float, high: float) -> float:
        return max(0.0, min(1.0, (value - low) / (high - low)))

    return (
        0.5 * scaled(loudness_db, -35.0, -8.0)
        + 0.25 * scaled(onset_rate, 0.0, 8.0)
        + 0.25 * scaled(centroid_hz, 400.0, 4000.0)
    )
