"""The drum kit: short strokes made of swept sines and shaped noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.audio.instruments import SAMPLE_RATE, Samples


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)


def _noise(seconds: float, low_hz: float, high_hz: float, seed: int) -> Samples:
    """Return noise between two frequencies with soft edges, RMS about 0.3."""
    count = int(seconds * SAMPLE_RATE)
    white = np.random.default_rng(seed).standard_normal(count)
    hz = np.fft.rfftfreq(count, 1.0 / SAMPLE_RATE) + 1e-6
    shaped = np.fft.irfft(
        np.fft.rfft(white) / ((1.0 + (low_hz / hz) ** 4) * (1.0 + (hz / high_hz) ** 4)), count
    )
    return (0.3 * shaped / (np.sqrt(np.mean(shaped**2)) + 1e-9)).astype(np.float32)


def _end(wave: Samples) -> Samples:
    """Fade the last tenth so that a stroke never stops with a click."""
    tail = max(1, len(wave) // 10)
    wave[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32)
    return wave.astype(np.float32)


def _swept(
    seconds: float, start_hz: float, end_hz: float, sweep_s: float, decay_s: float
) -> Samples:
    time = _time(seconds)
    phase = end_hz * time + (start_hz - end_hz) * sweep_s * (1.0 - np.exp(-time / sweep_s))
    wave = np.sin(2.0 * np.pi * phase) * np.exp(-time / decay_s)
    return wave.astype(np.float32)


def _decayed(seconds: float, low_hz: float, high_hz: float, decay_s: float, seed: int) -> Samples:
    return _noise(seconds, low_hz, high_hz, seed) * np.exp(-_time(seconds) / np.float32(decay_s))


def _kick() -> Samples:
    wave = 0.9 * _swept(0.35, 160, 48, 0.03, 0.12)
    wave[:480] += 0.25 * _decayed(0.02, 1500, 6000, 0.004, 1)
    return wave


def _soft_kick() -> Samples:
    return 0.8 * _swept(0.35, 100, 46, 0.03, 0.12)


def _rock_kick() -> Samples:
    wave = 0.9 * _swept(0.25, 190, 56, 0.02, 0.08)
    wave[:720] += 0.5 * _decayed(0.03, 1800, 7000, 0.006, 2)
    return wave


def _boom() -> Samples:
    wave = 0.9 * _swept(2.2, 75, 34, 0.12, 0.7)
    wave[: SAMPLE_RATE // 2] += 0.25 * _decayed(0.5, 60, 350, 0.15, 3)
    return wave


def _snare() -> Samples:
    wave = 0.7 * _decayed(0.3, 900, 8500, 0.07, 4)
    wave += 0.4 * _swept(0.3, 260, 185, 0.02, 0.07)
    return wave


def _rock_snare() -> Samples:
    wave = 1.0 * _decayed(0.4, 600, 9000, 0.1, 5)
    wave += 0.6 * _swept(0.4, 300, 190, 0.02, 0.09)
    return wave


def _clap() -> Samples:
    wave = np.zeros(int(0.3 * SAMPLE_RATE), dtype=np.float32)
    for number, offset in enumerate((0.0, 0.011, 0.022)):
        burst = 0.6 * _decayed(0.02, 900, 5000, 0.006, 10 + number)
        start = int(offset * SAMPLE_RATE)
        wave[start : start + len(burst)] += burst
    start = int(0.03 * SAMPLE_RATE)
    wave[start:] += 0.6 * _decayed(0.3, 900, 5000, 0.06, 13)[: len(wave) - start]
    return wave


def _clank() -> Samples:
    time = _time(0.4)
    wave = sum(np.sin(2 * np.pi * hz * time) for hz in (417.0, 623.0, 1171.0, 1987.0, 3109.0))
    return (0.16 * wave * np.exp(-time / 0.07)).astype(np.float32) + 0.4 * _decayed(
        0.4, 1500, 8000, 0.03, 14
    )


def _rim() -> Samples:
    return 0.5 * _swept(0.08, 1900, 1650, 0.01, 0.015) + 0.2 * _decayed(0.08, 1000, 5000, 0.01, 15)


#: Name of each drum -> function that makes its stroke, mono, peak about 1.
DRUMS: dict[str, Callable[[], Samples]] = {
    "kick": _kick,
    "soft kick": _soft_kick,
    "rock kick": _rock_kick,
    "boom": _boom,
    "snare": _snare,
    "rock snare": _rock_snare,
    "brush": lambda: 0.5 * _decayed(0.25, 1200, 6000, 0.07, 16),
    "clap": _clap,
    "rim": _rim,
    "clank": _clank,
    "hat": lambda: 0.5 * _decayed(0.08, 6500, 11000, 0.02, 17),
    "open hat": lambda: 0.5 * _decayed(0.35, 6000, 11000, 0.11, 18),
    "shaker": lambda: 0.35 * _decayed(0.12, 4500, 9500, 0.035, 19),
    "tambourine": lambda: 0.4 * _decayed(0.22, 6000, 11000, 0.06, 20),
    "ride": lambda: 0.35 * _decayed(0.7, 4500, 10000, 0.25, 21),
    "crash": lambda: 0.8 * _decayed(1.8, 2500, 10500, 0.5, 22),
    "low tom": lambda: 0.8 * _swept(0.5, 130, 75, 0.05, 0.18),
    "high tom": lambda: 0.8 * _swept(0.4, 220, 130, 0.04, 0.14),
    "conga": lambda: 0.6 * _swept(0.3, 330, 260, 0.015, 0.09),
}


def strike(name: str) -> Samples:
    """Return one stroke of the drum ``name`` at full velocity: (n,) float32.

    Raises
    ------
    KeyError
        if the kit has no such drum.
    """
    return _end(DRUMS[name]())
