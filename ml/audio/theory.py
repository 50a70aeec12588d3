"""Scales, chord symbols and voice leading, all in MIDI note numbers (60 is middle C)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise, product

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}

_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "add9": (0, 4, 7, 14),
    "maj9": (0, 4, 7, 11, 14),
    "9": (0, 4, 7, 10, 14),
    "m6": (0, 3, 7, 9),
    "m7": (0, 3, 7, 10),
    "madd9": (0, 3, 7, 14),
    "m9": (0, 3, 7, 10, 14),
    "dim": (0, 3, 6),
    "m7b5": (0, 3, 6, 10),
    "cluster": (0, 1, 7),
}
_SYMBOL = re.compile(r"^(b|#)?([IV]+|[iv]+)(.*)$")


def parse_chord(symbol: str) -> tuple[int, tuple[int, ...]]:
    """Return (root above the tonic, intervals above the root), both in semitones.

    ``"bVImaj7"`` is a major seventh chord on the lowered sixth degree; a small numeral (``"ii7"``)
    takes the minor form of its suffix.

    Raises
    ------
    ValueError
        if the symbol is no roman numeral or its suffix is unknown.
    """
    match = _SYMBOL.match(symbol)
    if match is None or match[2].upper() not in _DEGREES:
        raise ValueError(f"{symbol!r} is not a chord symbol")
    accidental, numeral, suffix = match.groups()
    shift = {"b": -1, "#": 1, None: 0}[accidental]
    minor_suffix = f"m{suffix}"
    if numeral.islower() and minor_suffix in _QUALITIES:
        suffix = minor_suffix
    if suffix not in _QUALITIES:
        raise ValueError(f"{symbol!r} has an unknown chord suffix {suffix!r}")
    return (_DEGREES[numeral.upper()] + shift) % 12, _QUALITIES[suffix]


def scale_notes(tonic: int, scale: str, low: int, high: int) -> list[int]:
    """Return the notes of a scale between ``low`` and ``high``, both included, rising."""
    steps = {(tonic + step) % 12 for step in SCALES[scale]}
    return [note for note in range(low, high + 1) if note % 12 in steps]


def nearest(notes: list[int], goal: float) -> int:
    """Return the member of ``notes`` closest to ``goal`` (the lower one of a tie)."""
    return min(notes, key=lambda note: (abs(note - goal), note))


def chord_notes(root: int, intervals: tuple[int, ...], low: int, high: int) -> list[int]:
    """Return every note of a chord between ``low`` and ``high``, rising."""
    classes = {(root + interval) % 12 for interval in intervals}
    return [note for note in range(low, high + 1) if note % 12 in classes]


@lru_cache(maxsize=4096)
def lead_voices(
    previous: tuple[int, ...] | None,
    root: int,
    intervals: tuple[int, ...],
    centre: int,
    voices: int,
) -> tuple[int, ...]:
    """Voice a chord around ``centre`` so that its parts move as little as they can.

    Each chord tone is tried in the octaves near the centre; the choice that moves least from
    ``previous`` (or sits closest to the centre) wins, and seconds at the bottom cost extra because
    they sound muddy. A chord with more tones than ``voices`` drops its fifth first.
    """
    wanted = list(intervals)
    if len(wanted) > voices and 7 in wanted:
        wanted.remove(7)
    wanted = wanted[:voices]
    options = []
    for interval in wanted:
        pitch_class = (root + interval) % 12
        first = centre - 8 + (pitch_class - (centre - 8)) % 12
        options.append((first, first + 12) if first + 12 <= centre + 9 else (first,))
    best: tuple[int, ...] = ()
    best_cost = float("inf")
    for combination in product(*options):
        chord = tuple(sorted(combination))
        gaps = [b - a for a, b in pairwise(chord)]
        cost = 6.0 * sum(gap < 2 for gap in gaps) + 2.0 * (bool(gaps) and gaps[0] < 3)
        cost += 0.5 * max(0, chord[-1] - chord[0] - 16)
        if previous:
            cost += sum(min(abs(note - old) for old in previous) for note in chord)
            cost += 0.5 * abs(sum(chord) / len(chord) - centre)
        else:
            cost += abs(sum(chord) / len(chord) - centre)
        if cost < best_cost:
            best, best_cost = chord, cost
    return best
