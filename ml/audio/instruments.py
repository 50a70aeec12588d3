"""Pitched instruments: each patch turns (pitch, length) into one note's waveform.

A note is two single-cycle tables read at the same phase: a mellow one that carries the tone and a
bright one that dies away sooner, which is what a filter envelope does on a synthesiser and what
the upper partials of a struck or plucked string do by themselves. Reading tables is cheap enough
to render a whole piece in a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SAMPLE_RATE = 24_000
_TABLE = 4096
_TOP_HZ = 10_500.0


@dataclass(frozen=True, slots=True)
class Patch:
    """How an instrument sounds.

    Attributes
    ----------
    shape : "saw", "square", "triangle", "sine", "voice", or the strengths of harmonics 1, 2, ...
    mellow_hz, bright_hz : cut-off of the lasting and of the passing table
    bright_s : time constant of the passing table, seconds; 0 for none
    attack_s, decay_s, sustain, release_s : envelope; ``decay_s`` is a time constant towards
        ``sustain`` (0..1)
    detune : cents of each voice; two or more voices spread over the stereo field
    vibrato : depth in cents, at ``vibrato_hz``
    partials : (ratio, strength, share of decay_s) of bell-like modes, used instead of the tables
    breath : noise mixed in, 0..1 (bow, breath or hammer)
    level : loudness of the patch beside the others
    """

    shape: str | tuple[float, ...] = "saw"
    mellow_hz: float = 1000.0
    bright_hz: float = 4000.0
    bright_s: float = 0.0
    attack_s: float = 0.005
    decay_s: float = 1.0
    sustain: float = 0.0
    release_s: float = 0.15
    detune: tuple[float, ...] = (0.0,)
    vibrato: float = 0.0
    vibrato_hz: float = 5.2
    partials: tuple[tuple[float, float, float], ...] = ()
    breath: float = 0.0
    level: float = 1.0


PATCHES: dict[str, Patch] = {
    # keys and mallets
    "piano": Patch("saw", 900, 3200, 0.35, 0.004, 1.5, 0, 0.22, (-0.7, 0.7), breath=0.05),
    "felt piano": Patch("saw", 480, 1300, 0.3, 0.012, 1.7, 0, 0.3, (-1.0, 1.0), breath=0.03),
    "electric piano": Patch(
        (1, 0.22, 0.1, 0.16, 0.03, 0.02, 0.05), 1500, 6000, 0.25, 0.004, 1.6, 0, 0.2, (-2, 2),
        level=1.1,
    ),
    "organ": Patch(
        (1, 0.75, 0.5, 0.35, 0, 0.25, 0, 0.2), 3500, 6000, 0, 0.012, 1, 1, 0.06, (-3, 3), 6, 5.8,
        level=0.6,
    ),
    "soft organ": Patch((1, 0.4, 0.12, 0.1), 1600, 2000, 0, 0.08, 1, 1, 0.25, (-4, 4), level=0.7),
    "marimba": Patch(partials=((1, 1, 1), (3.93, 0.3, 0.35), (9.2, 0.08, 0.15)), decay_s=0.35,
                     release_s=0.4),
    "kalimba": Patch(partials=((1, 1, 1), (2.0, 0.15, 0.6), (5.4, 0.22, 0.2)), decay_s=0.6,
                     release_s=0.6),
    "vibraphone": Patch(partials=((1, 1, 1), (3.98, 0.22, 0.4), (10.0, 0.05, 0.12)), decay_s=1.5,
                        release_s=0.5, level=0.9),
    "music box": Patch(partials=((1, 1, 1), (3.0, 0.3, 0.5), (6.2, 0.15, 0.25)), decay_s=0.9,
                       release_s=0.8, level=0.8),
    "bell": Patch(partials=((0.5, 0.35, 1.5), (1, 1, 1), (1.19, 0.35, 0.8), (1.99, 0.4, 0.6),
                            (2.74, 0.25, 0.4), (3.76, 0.15, 0.3)), decay_s=2.0, release_s=1.2,
                  level=0.7),
    # plucked strings
    "nylon guitar": Patch("saw", 750, 2600, 0.12, 0.003, 0.75, 0, 0.15, level=1.1),
    "ukulele": Patch("triangle", 1500, 4200, 0.1, 0.003, 0.4, 0, 0.12, level=1.1),
    "clean guitar": Patch("saw", 1000, 3000, 0.3, 0.004, 1.2, 0, 0.2, (-1.5, 1.5), level=0.9),
    "harp": Patch("triangle", 1100, 3200, 0.2, 0.003, 1.0, 0, 0.5, level=1.1),
    "pluck": Patch("saw", 700, 6500, 0.07, 0.002, 0.28, 0, 0.12, (-5, 5), level=1.0),
    "chip": Patch("square", 3800, 6000, 0.05, 0.002, 0.35, 0.35, 0.05, level=0.55),
    # bowed, blown and sung
    "strings": Patch("saw", 1500, 3000, 0, 0.14, 1, 1, 0.3, (-6, 6), 9, 5.3, level=0.55),
    "low strings": Patch("saw", 650, 1500, 0, 0.2, 1, 1, 0.4, (-7, 7), 7, 4.8, level=0.7),
    "cello": Patch("saw", 1100, 2200, 0.3, 0.08, 1, 0.85, 0.25, (-2, 2), 14, 5.0, breath=0.02,
                   level=0.7),
    "violin": Patch("saw", 2400, 4500, 0.2, 0.07, 1, 0.85, 0.2, (-2, 2), 16, 5.6, breath=0.02,
                    level=0.5),
    "flute": Patch((1, 0.35, 0.14, 0.05, 0.02), 4000, 6000, 0, 0.05, 1, 0.9, 0.12, (0.0,), 12, 5.0,
                   breath=0.05, level=0.9),
    "whistle": Patch((1, 0.06, 0.02), 6000, 6000, 0, 0.03, 1, 0.9, 0.1, (0.0,), 18, 5.8,
                     breath=0.03, level=0.8),
    "clarinet": Patch((1, 0.04, 0.5, 0.05, 0.22, 0.03, 0.1), 2600, 4000, 0, 0.04, 1, 0.9, 0.1,
                      (0.0,), 8, 4.8, level=0.7),
    "brass": Patch("saw", 1600, 4500, 0.25, 0.04, 0.5, 0.7, 0.1, (-4, 4), 6, 5.0, level=0.6),
    "choir": Patch("voice", 2200, 3000, 0, 0.3, 1, 1, 0.6, (-9, 9), 10, 4.6, level=0.7),
    # pads and leads
    "warm pad": Patch("saw", 600, 1200, 0, 0.5, 1, 1, 0.9, (-6, 6), level=0.8),
    "glass pad": Patch((1, 0.1, 0.3, 0, 0.12, 0, 0.06), 3000, 4000, 0, 0.6, 1, 1, 1.0, (-5, 5),
                       level=0.7),
    "air pad": Patch("triangle", 900, 1800, 0, 0.8, 1, 1, 1.2, (-8, 8), breath=0.03, level=0.9),
    "dark pad": Patch("saw", 330, 700, 0, 0.9, 1, 1, 1.2, (-11, 11), level=1.1),
    "supersaw": Patch("saw", 4200, 9000, 0.35, 0.012, 1, 0.8, 0.12, (-14, 14, -5, 6), level=0.38),
    "saw lead": Patch("saw", 3200, 8000, 0.25, 0.008, 1, 0.8, 0.08, (-6, 6), 8, 5.5, level=0.45),
    "square lead": Patch("square", 2600, 6500, 0.2, 0.008, 1, 0.8, 0.08, (-4, 4), 8, 5.5,
                         level=0.45),
    "acid": Patch("saw", 700, 5200, 0.09, 0.004, 0.3, 0.3, 0.05, level=0.75),
    # guitars meant for the distortion bus
    "power guitar": Patch("saw", 1800, 4200, 0.6, 0.004, 3.0, 0.6, 0.06, (-5, 5), level=0.8),
    "muted guitar": Patch("saw", 1300, 3600, 0.05, 0.003, 0.13, 0, 0.04, (-5, 5), level=0.95),
    "scream lead": Patch("saw", 2600, 5500, 0.5, 0.01, 2.0, 0.8, 0.08, (-4, 4), 22, 6.0, level=0.5),
    # basses and drones
    "round bass": Patch("triangle", 300, 800, 0.12, 0.006, 1.4, 0.35, 0.08, level=1.25),
    "upright bass": Patch("saw", 260, 900, 0.08, 0.006, 0.7, 0.1, 0.1, breath=0.03, level=1.4),
    "picked bass": Patch("saw", 420, 2200, 0.12, 0.004, 0.9, 0.4, 0.05, level=1.1),
    "synth bass": Patch("saw", 380, 3200, 0.09, 0.004, 0.4, 0.5, 0.05, (-4, 4), level=1.0),
    "sub bass": Patch((1, 0.12, 0.04), 400, 600, 0, 0.02, 1, 0.9, 0.15, level=1.4),
    "drone": Patch("saw", 220, 500, 0, 1.2, 1, 1, 1.5, (-9, 10), level=1.3),
}  # fmt: skip


def hertz(pitch: int) -> float:
    """Return the frequency in hertz of a MIDI note (69 is 440 Hz)."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12.0))


def _table(shape: str | tuple[float, ...], frequency: float, cutoff_hz: float) -> Samples:
    """Return one cycle, low-passed at ``cutoff_hz`` and free of aliases, with RMS 0.25."""
    count = max(1, int(_TOP_HZ / frequency))
    numbers = np.arange(1, count + 1)
    strengths = np.zeros(count)
    if isinstance(shape, tuple):
        used = min(count, len(shape))
        strengths[:used] = shape[:used]
    elif shape == "sine":
        strengths[0] = 1.0
    elif shape == "square":
        strengths[::2] = 1.0 / numbers[::2]
    elif shape == "triangle":
        strengths[::2] = 1.0 / numbers[::2] ** 2
        strengths[1::2] = 0.3 / numbers[1::2] ** 2
    elif shape == "voice":
        hz = numbers * frequency
        formants = ((650, 180, 1.0), (1100, 220, 0.6), (2600, 400, 0.2))
        strengths = 0.05 / numbers + sum(
            gain * np.exp(-(((hz - centre) / width) ** 2)) for centre, width, gain in formants
        )
    else:
        strengths = 1.0 / numbers
    strengths = strengths / (1.0 + (numbers * frequency / cutoff_hz) ** 2)
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex64)
    # Spread phases keep the cycle from being one sharp spike, which would waste headroom.
    spectrum[1 : count + 1] = strengths * np.exp(-1j * np.pi * numbers * (numbers - 1) / 24.0 - 1j)
    cycle = np.fft.irfft(spectrum, _TABLE)
    return (cycle * (0.25 / (np.sqrt(np.mean(cycle**2)) + 1e-12))).astype(np.float32)


def _envelope(patch: Patch, hold: int, count: int) -> Samples:
    time = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    shape = patch.sustain + (1.0 - patch.sustain) * np.exp(-time / patch.decay_s)
    attack = max(1, int(patch.attack_s * SAMPLE_RATE))
    rise = min(attack, count)
    shape[:rise] *= np.sin(np.linspace(0.0, np.pi / 2, attack, dtype=np.float32))[:rise]
    # A release that falls by 60 dB over its length and ends exactly at silence.
    tail = count - hold
    if tail > 0:
        fall = np.linspace(0.0, 1.0, tail, dtype=np.float32)
        shape[hold:] *= np.exp(-4.0 * fall) * (1.0 - fall)
    return shape.astype(np.float32)


def play(name: str, pitch: int, duration_s: float) -> Samples:
    """Return one note.

    Parameters
    ----------
    name : a key of ``PATCHES``
    pitch : MIDI note number
    duration_s : time the note is held, in seconds; its release rings on after that

    Returns
    -------
    (1, n) or (2, n) float32, mono or stereo, around -12 dB RMS while held

    Raises
    ------
    KeyError
        if no patch is called ``name``.
    """
    patch = PATCHES[name]
    frequency = hertz(pitch)
    release_s = patch.release_s * (2.0 if patch.sustain else 1.0)
    hold = max(1, int(duration_s * SAMPLE_RATE))
    count = hold + max(64, int(release_s * SAMPLE_RATE))
    if patch.partials:
        return _struck(patch, frequency, hold, count)
    if patch.sustain == 0:  # what has faded by 60 dB needs no samples
        count = min(count, int(7.0 * _decay_s(patch, pitch) * SAMPLE_RATE) + 64)
        hold = min(hold, count)
    patch_decay = Patch(
        attack_s=patch.attack_s,
        decay_s=_decay_s(patch, pitch) if patch.sustain == 0 else patch.decay_s,
        sustain=patch.sustain,
    )
    envelope = _envelope(patch_decay, hold, count)
    ramp = np.arange(count, dtype=np.float64)
    mellow = _table(patch.shape, frequency, patch.mellow_hz)
    passing = None
    if patch.bright_s:
        bright = _table(patch.shape, frequency, patch.bright_hz) - mellow * 0.7
        passing = envelope * np.exp(-ramp / (patch.bright_s * SAMPLE_RATE)).astype(np.float32)
    sway: NDArray[np.float64] | float = 0.0
    if patch.vibrato:
        # Players let a note settle before the vibrato begins.
        depth = frequency * (2.0 ** (patch.vibrato / 1200.0) - 1.0)
        depth /= 2.0 * np.pi * patch.vibrato_hz
        angle = ramp * (2.0 * np.pi * patch.vibrato_hz / SAMPLE_RATE)
        sway = depth * _TABLE * np.minimum(ramp / (0.4 * SAMPLE_RATE), 1.0) * np.sin(angle)
    voices = []
    for number, cents in enumerate(patch.detune):
        step = frequency * 2.0 ** (cents / 1200.0) * _TABLE / SAMPLE_RATE
        index = (ramp * step + sway + number * 611.0 + _TABLE).astype(np.int64) & (_TABLE - 1)
        wave = mellow[index] * envelope
        if passing is not None:
            wave += bright[index] * passing
        voices.append(wave)
    if patch.breath:
        noise = np.random.default_rng(pitch).standard_normal(count, dtype=np.float32)
        noise[1:] = (noise[1:] + noise[:-1]) * 0.5
        puff = envelope if patch.sustain else np.exp(-ramp / (0.01 * SAMPLE_RATE))
        voices[0] += (patch.breath * noise * puff).astype(np.float32)
    return _spread(voices, patch.level)


def _decay_s(patch: Patch, pitch: int) -> float:
    """Return the decay of a struck or plucked string: short for high notes, long for low ones."""
    return patch.decay_s * float(np.clip(2.0 ** ((60 - pitch) / 24.0), 0.4, 1.8))


def _spread(voices: list[Samples], level: float) -> Samples:
    if len(voices) == 1:
        return (voices[0] * np.float32(level))[None, :]
    left = sum(voices[::2][1:], voices[0].copy())
    right = sum(voices[1::2][1:], voices[1].copy())
    wide, narrow = np.float32(0.8 * level), np.float32(0.35 * level)
    return np.stack([wide * left + narrow * right, narrow * left + wide * right])


def _struck(patch: Patch, frequency: float, hold: int, count: int) -> Samples:
    """Return a bell-like note: decaying sines at the given ratios."""
    decay = patch.decay_s * float(np.clip((440.0 / frequency) ** 0.5, 0.4, 1.6))
    count = min(count, int(6.0 * decay * SAMPLE_RATE) + 64)
    time = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    wave = np.zeros(count, dtype=np.float32)
    for ratio, strength, share in patch.partials:
        hz = frequency * ratio
        if hz < _TOP_HZ:
            wave += (strength * np.exp(-time / (decay * share))).astype(np.float32) * np.sin(
                (2.0 * np.pi * hz) * time
            )
    shape = _envelope(Patch(attack_s=0.002, decay_s=1e6), min(hold, count), count)
    return (wave * shape * np.float32(0.35 * patch.level))[None, :]
