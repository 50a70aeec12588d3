"""Bass figures of one bar on a grid of steps."""

from __future__ import annotations

from ml.audio.patterns import Bar, Event, Figure


def _low(bar: Bar, steps: tuple[tuple[float, float, int], ...], loud: float = 0.85) -> list[Event]:
    """Return bass notes from (step, length, semitones above the chord's root)."""
    root = bar.bass(bar.root)
    return [
        Event(at, length, (root + up,), loud if at == 0 else loud * 0.85)
        for at, length, up in steps
        if at < bar.steps
    ]


def _whole(bar: Bar) -> list[Event]:
    return _low(bar, ((0, bar.steps, 0),))


def _pedal(bar: Bar) -> list[Event]:
    return [Event(0, bar.steps, (bar.bass(bar.tonic),), 0.8)]


def _two(bar: Bar) -> list[Event]:
    if bar.steps == 3 * bar.beat:
        return _low(bar, ((0, bar.beat * 2, 0), (bar.beat * 2, bar.beat * 0.9, bar.fifth)))
    half = bar.steps / 2
    return _low(bar, ((0, half * 0.9, 0), (half, half * 0.85, bar.fifth - 12 * (bar.root > 7))))


def _bounce(bar: Bar) -> list[Event]:
    return _low(bar, ((0, 2.5, 0), (6, 1.5, 0), (8, 2.5, bar.fifth), (14, 1.5, bar.fifth)))


def _bass_eighths(bar: Bar) -> list[Event]:
    return _low(bar, tuple((at, 1.7, 0) for at in range(0, bar.steps, 2)))


def _bass_sixteenths(bar: Bar) -> list[Event]:
    ups = (0, 0, 12, 0)
    return _low(bar, tuple((at, 0.8, ups[at % 4]) for at in range(bar.steps)))


def _octaves(bar: Bar) -> list[Event]:
    return _low(bar, tuple((at, 1.6, 12 * (at // 2 % 2)) for at in range(0, bar.steps, 2)))


def _bass_offbeat(bar: Bar) -> list[Event]:
    return _low(bar, tuple((at, 1.7, 0) for at in range(2, bar.steps, 4)))


def _gallop(bar: Bar) -> list[Event]:
    marks = [at + off for at in range(0, bar.steps, 4) for off in (0, 2, 3)]
    return _low(bar, tuple((at, 0.9, 0) for at in marks))


def _synco(bar: Bar) -> list[Event]:
    return _low(bar, ((0, 2.8, 0), (3, 2.5, 0), (6, 1.8, 12), (10, 3.5, 0), (14, 1.8, bar.fifth)))


def _bass_bossa(bar: Bar) -> list[Event]:
    fifth = bar.fifth
    return _low(bar, ((0, 5.5, 0), (6, 1.8, fifth), (8, 5.5, fifth), (14, 1.8, 0)), 0.8)


def _ballad(bar: Bar) -> list[Event]:
    last = bar.steps - bar.beat
    return _low(bar, ((0, bar.steps * 0.6, 0), (last, bar.beat * 0.9, bar.fifth)))


def _walk(bar: Bar) -> list[Event]:
    """Walk through the chord and lead by a half step into the next root."""
    root, goal = bar.bass(bar.root), bar.bass(bar.next_root)
    third = bar.intervals[1]
    row = [root, root + third, root + bar.fifth, goal - 1 if goal > root else goal + 1]
    beats = range(0, bar.steps, bar.beat)
    return [
        Event(at, bar.beat * 0.9, (row[index % 4],), 0.85 if index % 2 == 0 else 0.75)
        for index, at in enumerate(beats)
    ]


#: Bass figures by name.
BASSES: dict[str, Figure] = {
    "whole": _whole,
    "pedal": _pedal,
    "two": _two,
    "bounce": _bounce,
    "eighths": _bass_eighths,
    "sixteenths": _bass_sixteenths,
    "octaves": _octaves,
    "offbeat": _bass_offbeat,
    "gallop": _gallop,
    "synco": _synco,
    "bossa": _bass_bossa,
    "ballad": _ballad,
    "walk": _walk,
}
