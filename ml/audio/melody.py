"""Melodies: a short motif, repeated, varied and led to a resting note."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ml.audio.theory import chord_notes, nearest, scale_notes


@dataclass(frozen=True, slots=True)
class Tone:
    """One place of a motif: bar and step, length in steps, height (-1..1), whether accented."""

    bar: int
    step: int
    length: float
    height: float
    strong: bool


@dataclass(frozen=True, slots=True)
class MelodyNote:
    """One melody note: bar and step in the phrase, length in steps, MIDI pitch, velocity 0..1."""

    bar: int
    step: int
    length: float
    pitch: int
    velocity: float


def motif(roll: random.Random, steps: int, beat: int, busy: float, bars: int = 2) -> list[Tone]:
    """Return a rhythm with a contour over ``bars`` bars.

    Parameters
    ----------
    steps, beat : grid steps in a bar and in a beat
    busy : 0..1, how likely each possible onset is to sound
    """
    eighth = 2 if beat == 4 else 1
    onsets: list[tuple[int, int]] = []
    for bar in range(bars):
        for step in range(steps):
            if step % beat == 0:
                chance = 0.35 + busy * (1.0 if step in (0, steps // 2) else 0.7)
            elif step % eighth == 0:
                chance = busy * 0.75
            else:
                chance = max(0.0, busy - 0.5) * 0.5
            # The last beats of the motif breathe.
            if bar == bars - 1 and step >= steps - beat:
                chance *= 0.35
            if (bar, step) == (0, 0) or roll.random() < chance * (0.55 + busy):
                onsets.append((bar, step))
    arch = roll.choice(("rise", "arch", "fall", "wave"))
    tones = []
    height = roll.uniform(-0.3, 0.3)
    for index, (bar, step) in enumerate(onsets):
        place = index / max(1, len(onsets) - 1)
        trend = {
            "rise": place - 0.5,
            "arch": 0.6 - 2.2 * abs(place - 0.5),
            "fall": 0.5 - place,
            "wave": 0.5 * (1 if index // 2 % 2 else -1),
        }[arch]
        height = 0.45 * height + 0.55 * (0.9 * trend + roll.uniform(-0.35, 0.35))
        here = bar * steps + step
        after = onsets[index + 1] if index + 1 < len(onsets) else (bars, 0)
        gap = after[0] * steps + after[1] - here
        length = min(gap, roll.choice((gap, gap, gap * 0.8)), steps)
        strong = step % beat == 0 or gap >= beat
        tones.append(Tone(bar, step, length, height, strong))
    return tones


def varied(roll: random.Random, tones: list[Tone]) -> list[Tone]:
    """Return the motif with a few heights moved, its rhythm kept so that it is recognised."""
    shift = roll.choice((-0.25, 0.2, 0.3))
    return [
        Tone(
            tone.bar,
            tone.step,
            tone.length,
            tone.height + shift * (tone.bar + 0.5) / 2 + roll.uniform(-0.1, 0.1),
            tone.strong,
        )
        for tone in tones
    ]


def sing(
    *,
    phrase: list[list[Tone]],
    chords: list[tuple[int, tuple[int, ...]]],
    tonic: int,
    scale: str,
    compass: tuple[int, int],
    steps: int,
    beat: int,
    closed: bool,
) -> list[MelodyNote]:
    """Turn motifs into notes over chords.

    Accented places take the chord tone nearest to the contour, the others the scale note nearest
    to both the contour and the note before; the phrase ends on a long chord tone (the tonic when
    ``closed`` and the chord has it).

    Parameters
    ----------
    phrase : one motif for each two bars
    chords : (root pitch class, intervals) of each bar
    compass : lowest and highest note
    """
    low, high = compass
    middle, reach = (low + high) / 2, (high - low) / 2
    notes: list[MelodyNote] = []
    previous = middle
    bars = len(chords)
    for part, tones in enumerate(phrase):
        for tone in tones:
            bar = part * 2 + tone.bar
            if bar >= bars or (bar == bars - 1 and tone.step > beat):
                continue
            root, intervals = chords[bar]
            chordal = chord_notes(root, intervals, low, high)
            goal = middle + max(-1.0, min(1.0, tone.height)) * reach
            goal = 0.6 * goal + 0.4 * previous
            if tone.strong:
                pitch = nearest(chordal, goal)
            else:
                # A scale note a half step from a chord tone foreign to the scale would clash.
                scale_pool = scale_notes(tonic, scale, low, high)
                foreign = [note for note in chordal if note not in scale_pool]
                pool = [n for n in scale_pool if all(abs(n - f) != 1 for f in foreign)] + foreign
                pitch = nearest(pool, previous + max(-4.0, min(4.0, goal - previous)))
            accent = 0.9 if tone.step == 0 else 0.8 if tone.strong else 0.68
            notes.append(MelodyNote(bar, tone.step, tone.length, pitch, accent))
            previous = pitch
    return _rested(notes, chords, tonic, compass, steps, closed)


def _rested(
    notes: list[MelodyNote],
    chords: list[tuple[int, tuple[int, ...]]],
    tonic: int,
    compass: tuple[int, int],
    steps: int,
    closed: bool,
) -> list[MelodyNote]:
    """Let the last note be a long chord tone."""
    if not notes:
        return notes
    last = notes[-1]
    root, intervals = chords[last.bar]
    chordal = chord_notes(root, intervals, *compass)
    home = [note for note in chordal if note % 12 == tonic % 12]
    pitch = nearest(home if closed and home else chordal, last.pitch)
    length = max(last.length, steps - last.step - 1)
    return [*notes[:-1], MelodyNote(last.bar, last.step, length, pitch, last.velocity)]
