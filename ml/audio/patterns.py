"""Accompaniment figures of one bar: chords and arpeggios on a grid of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ml.audio.theory import chord_notes


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a figure stands.

    Attributes
    ----------
    steps, beat : grid steps in the bar and in a beat (4 straight, 3 compound)
    voices : the voiced chord, MIDI, rising
    root, intervals : the chord itself; ``root`` is a pitch class
    next_root : pitch class of the following chord
    bass_low : lowest bass note of the part
    tonic : pitch class of the key
    number : bar number inside the phrase
    """

    steps: int
    beat: int
    voices: tuple[int, ...]
    root: int
    intervals: tuple[int, ...]
    next_root: int
    bass_low: int
    tonic: int
    number: int

    def bass(self, pitch_class: int) -> int:
        """Return the bass note of a pitch class, at or above ``bass_low``."""
        return self.bass_low + (pitch_class - self.bass_low) % 12

    @property
    def fifth(self) -> int:
        """Semitones from the root to the chord's fifth: 7, or 6 in a diminished chord."""
        return 6 if 6 in self.intervals and 7 not in self.intervals else 7


@dataclass(frozen=True, slots=True)
class Event:
    """Notes struck together: step, length in steps, pitches, velocity, and seconds of spread."""

    step: float
    length: float
    pitches: tuple[int, ...]
    velocity: float = 0.8
    roll_s: float = 0.0


Figure = Callable[[Bar], list[Event]]


def _at(bar: Bar, steps: tuple[int, ...], length: float, velocity: float = 0.8) -> list[Event]:
    return [Event(step, length, bar.voices, velocity) for step in steps if step < bar.steps]


def _half(bar: Bar) -> int:
    """Return an eighth in straight metre, a third of the beat in compound metre."""
    return 2 if bar.beat == 4 else 1


def _hold(bar: Bar) -> list[Event]:
    return [Event(0, bar.steps, bar.voices, 0.75)]


def _pulse(bar: Bar) -> list[Event]:
    step = _half(bar)
    return [
        Event(at, step * 0.85, bar.voices, 0.85 if at % bar.beat == 0 else 0.6)
        for at in range(0, bar.steps, step)
    ]


def _offbeat(bar: Bar) -> list[Event]:
    return _at(bar, tuple(range(2, bar.steps, bar.beat)), _half(bar) * 0.8)


def _stab(bar: Bar) -> list[Event]:
    steps = (0, 3, 6, 10, 12) if bar.number % 2 == 0 else (2, 4, 7, 10, 14)
    return _at(bar, steps, 1.6, 0.85)


def _charleston(bar: Bar) -> list[Event]:
    second = bar.beat + bar.beat - 1 if bar.beat == 3 else 6
    return [
        Event(0, second * 0.9, bar.voices, 0.8),
        Event(second, max(2, bar.steps - second) * 0.8, bar.voices, 0.6),
    ]


def _bossa(bar: Bar) -> list[Event]:
    steps = (0, 3, 6, 10, 13) if bar.number % 2 == 0 else (2, 5, 8, 12, 14)
    return _at(bar, steps, 1.9, 0.7)


def _waltz(bar: Bar) -> list[Event]:
    upper = bar.voices[1:] or bar.voices
    beats = range(bar.beat, bar.steps, bar.beat)
    return [Event(0, bar.beat, bar.voices[:1], 0.7)] + [
        Event(at, bar.beat * 0.8, upper, 0.6) for at in beats
    ]


def _strum(bar: Bar) -> list[Event]:
    if bar.beat == 3:
        marks = [(at, 0.8 if at % 3 == 0 else 0.5) for at in range(bar.steps) if at % 3 != 1]
    else:
        marks = [(0, 0.85), (4, 0.75), (6, 0.55), (10, 0.6), (12, 0.75), (14, 0.5)]
    return [Event(at, 2.2, bar.voices, loud, 0.02) for at, loud in marks if at < bar.steps]


def _rolled(bar: Bar) -> list[Event]:
    middle = bar.steps // 2 if bar.beat * 4 == bar.steps else bar.beat
    return [
        Event(0, bar.steps, bar.voices, 0.75, 0.07),
        Event(middle, bar.steps - middle, bar.voices[-2:], 0.5, 0.05),
    ]


def _ladder(bar: Bar) -> tuple[int, ...]:
    """Return the chord and its octave as a rising row of notes."""
    return tuple(sorted({*bar.voices, bar.voices[0] + 12, bar.voices[min(1, len(bar.voices) - 1)]}))


def _broken(bar: Bar) -> list[Event]:
    row = _ladder(bar)
    order = row + row[-2:0:-1]
    step = _half(bar)
    return [
        Event(at, step * 2.5, (order[index % len(order)],), 0.75 if at == 0 else 0.55)
        for index, at in enumerate(range(0, bar.steps, step))
    ]


def _ostinato(bar: Bar) -> list[Event]:
    low = bar.voices[0]
    row = (low, low, bar.voices[-1], low, bar.voices[min(1, len(bar.voices) - 1)], low)
    return [
        Event(at, 1.7, (row[index % len(row)],), 0.8 if at % bar.beat == 0 else 0.6)
        for index, at in enumerate(range(0, bar.steps, _half(bar)))
    ]


def _power(bar: Bar, octave: int = 12) -> tuple[int, ...]:
    root = bar.bass(bar.root) + octave
    return root, root + bar.fifth


def _chug(bar: Bar) -> list[Event]:
    figure: tuple[tuple[int, float], ...] = ((0, 5), (6, 2), (8, 3), (12, 1.5), (14, 1.5))
    if bar.number % 2:
        figure = ((0, 3), (4, 1.5), (6, 5), (12, 3), (15, 1))
    return [Event(at, length, _power(bar), 0.9) for at, length in figure if at < bar.steps]


def _pulse_chug(bar: Bar) -> list[Event]:
    return [
        Event(at, 1.6, _power(bar), 0.95 if at % bar.beat == 0 else 0.75)
        for at in range(0, bar.steps, 2)
    ]


def _gallop_chug(bar: Bar) -> list[Event]:
    found = []
    for at in range(0, bar.steps, bar.beat):
        last = at + bar.beat >= bar.steps and bar.number % 2 == 1
        offsets = (0, 1) if last else (0, 2, 3)
        found += [Event(at + off, 1.2, _power(bar), 0.95 if off == 0 else 0.75) for off in offsets]
    return found


#: Chord figures by name.
COMPING: dict[str, Figure] = {
    "hold": _hold,
    "pulse": _pulse,
    "offbeat": _offbeat,
    "stab": _stab,
    "charleston": _charleston,
    "bossa": _bossa,
    "waltz": _waltz,
    "strum": _strum,
    "rolled": _rolled,
    "broken": _broken,
    "ostinato": _ostinato,
    "chug": _chug,
    "pulse chug": _pulse_chug,
    "gallop chug": _gallop_chug,
}


def _arp_row(bar: Bar) -> list[int]:
    return chord_notes(bar.root, bar.intervals, bar.voices[0] + 7, bar.voices[0] + 26)


def _arp(bar: Bar, every: int, length: float, order: Callable[[int, int], int]) -> list[Event]:
    row = _arp_row(bar)
    return [
        Event(at, length, (row[order(index, len(row))],), 0.75 if at % bar.beat == 0 else 0.55)
        for index, at in enumerate(range(0, bar.steps, every))
    ]


def _bounce_index(index: int, count: int) -> int:
    period = max(1, 2 * count - 2)
    place = index % period
    return place if place < count else period - place


#: Arpeggio figures by name.
ARPS: dict[str, Figure] = {
    "up": lambda bar: _arp(bar, _half(bar), 2.0, lambda index, count: index % count),
    "updown": lambda bar: _arp(bar, _half(bar), 1.6, _bounce_index),
    "sixteenths": lambda bar: _arp(bar, 1, 0.9, _bounce_index),
    "slow": lambda bar: _arp(bar, bar.beat, bar.beat * 2.0, lambda index, count: index % count),
    "rare": lambda bar: (
        [] if bar.number % 2 else [Event(bar.beat * 2, 8, (_arp_row(bar)[0],), 0.6)]
    ),
}
