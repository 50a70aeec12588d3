"""From a score to stereo samples: notes placed on buses, then room, level and limit.

The work comes in blocks so that the MP3 encoder can start on the first seconds while the rest is
still being mixed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ml.audio import effects
from ml.audio.drums import strike
from ml.audio.instruments import SAMPLE_RATE, Samples, play
from ml.audio.score import Hit, Score, Track

BLOCK = 1 << 16
FADE_IN_S = 0.02
FADE_OUT_S = 2.5
_DUCK_DRUMS = ("kick",)
_KIT_GAIN = 0.8


class _Buses:
    """The mixing desk: dry, distorted and ducked stereo buses, and the send to the room."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.dry = np.zeros((2, count), dtype=np.float32)
        self.driven: dict[float, Samples] = {}
        self.ducked: Samples | None = None
        self.send = np.zeros(count, dtype=np.float32)

    def target(self, track: Track) -> Samples:
        if track.drive:
            if track.drive not in self.driven:
                self.driven[track.drive] = np.zeros((2, self.count), dtype=np.float32)
            return self.driven[track.drive]
        if track.duck:
            if self.ducked is None:
                self.ducked = np.zeros((2, self.count), dtype=np.float32)
            return self.ducked
        return self.dry


def _pan_gains(pan: float) -> tuple[np.float32, np.float32]:
    """Return left and right gains of equal power, 1 and 1 in the middle."""
    angle = (pan + 1.0) * np.pi / 4.0
    return np.float32(np.sqrt(2.0) * np.cos(angle)), np.float32(np.sqrt(2.0) * np.sin(angle))


def _place(bus: Samples, wave: Samples, at: int, left: np.float32, right: np.float32) -> None:
    size = min(wave.shape[1], bus.shape[1] - at)
    if at < 0 or size <= 0:
        return
    bus[0, at : at + size] += left * wave[0, :size]
    bus[1, at : at + size] += right * wave[-1, :size]


def _place_track(buses: _Buses, track: Track, cache: dict[tuple[str, int, int], Samples]) -> None:
    bus = buses.target(track)
    left, right = _pan_gains(track.pan)
    echoes = ((track.echo_s, track.echo, 0.6), (2 * track.echo_s, track.echo**2, -0.6))
    for note in track.notes:
        # Lengths are rounded to 20 ms so that equal notes share one waveform.
        ticks = max(2, round(note.duration_s * 50))
        key = (track.instrument, note.pitch, ticks)
        wave = cache.get(key)
        if wave is None:
            wave = cache[key] = play(track.instrument, note.pitch, ticks / 50)
        gain = np.float32(track.gain * note.velocity)
        at = int(note.start_s * SAMPLE_RATE)
        _place(bus, wave, at, gain * left, gain * right)
        size = min(wave.shape[1], buses.count - at)
        if track.reverb and size > 0:
            buses.send[at : at + size] += np.float32(gain * track.reverb) * wave[0, :size]
        if track.echo:
            for delay, level, pan in echoes:
                e_left, e_right = _pan_gains(pan)
                quiet = np.float32(gain * level)
                later = at + int(delay * SAMPLE_RATE)
                _place(bus, wave, later, quiet * e_left, quiet * e_right)


def _place_hits(buses: _Buses, hits: tuple[Hit, ...]) -> None:
    kit: dict[str, Samples] = {}
    for hit in hits:
        wave = kit.get(hit.drum)
        if wave is None:
            wave = kit[hit.drum] = strike(hit.drum)[None, :]
        at = int(hit.start_s * SAMPLE_RATE)
        left, right = _pan_gains(hit.pan)
        gain = np.float32(_KIT_GAIN * hit.velocity)
        _place(buses.dry, wave, at, gain * left, gain * right)
        size = min(wave.shape[1], buses.count - at)
        if size > 0 and "kick" not in hit.drum:
            buses.send[at : at + size] += np.float32(0.12) * gain * wave[0, :size]


def _mixed(score: Score) -> tuple[Samples, Samples]:
    """Return the dry stereo mix (2, n) and the room send (n,)."""
    buses = _Buses(int(score.duration_s * SAMPLE_RATE))
    cache: dict[tuple[str, int, int], Samples] = {}
    for track in score.tracks:
        _place_track(buses, track, cache)
    _place_hits(buses, score.hits)
    mix = buses.dry
    if buses.ducked is not None:
        kicks = [hit.start_s for hit in score.hits if hit.drum in _DUCK_DRUMS]
        mix += buses.ducked * effects.ducking(kicks, buses.count)
    for drive, bus in buses.driven.items():
        mix += effects.distort(bus, drive)
    return mix, buses.send


def render_blocks(score: Score) -> Iterator[Samples]:
    """Yield the piece as consecutive (m, 2) float32 blocks at ``SAMPLE_RATE``.

    See ``render``; the blocks joined are the same samples.
    """
    mix, send = _mixed(score)
    count = mix.shape[1]
    room = effects.Room(score.room_s, BLOCK, score.seed)
    # The room's response has unit energy, so the echo adds the power that was sent to it.
    power = float(np.mean(np.square(mix))) + float(np.mean(np.square(send)))
    loudness = float(np.sqrt(power)) + 1e-9
    gain = np.float32(10.0 ** (score.loudness_db / 20.0) / loudness)
    fade = effects.fades(count, FADE_IN_S, FADE_OUT_S)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        block = mix[:, start:end] + room.process(send[start:end])
        block *= gain
        block = effects.limit(block)
        block *= fade[start:end]
        yield np.ascontiguousarray(block.T)


def render(score: Score) -> Samples:
    """Return the whole piece.

    Returns
    -------
    (n, 2) float32 at ``SAMPLE_RATE``, |sample| < 0.95, the same samples for the same score
    """
    return np.concatenate(list(render_blocks(score)))
