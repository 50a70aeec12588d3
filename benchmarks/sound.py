"""Measuring audio: seconds a track-minute, memory, and whether fingerprints find copies again.

All audio is made by our own generator: a sample of its pieces, each written as WAV and again as
other files whose sound is the same to a listener.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

PIECES = 25
#: As most files have; MP3 at 128 kbit/s needs it.
RATE = 44_100
SEED = 7
COPIES = ("mp3_128k", "mp3_64k_quieter", "ogg_300ms_late", "mp3_300ms_cut")
#: Songs of this length are measured for speed: pieces end to end, as MP3 files of 44.1 kHz.
SONG_S = 240.0
SONGS = 6
MIX_S = 7200.0


def measure(pieces: int = PIECES) -> dict[str, Any]:
    """Run all of it; about four minutes on one core."""
    with TemporaryDirectory() as folder:
        return {"speed": speed(Path(folder)), "fingerprints": fingerprints(Path(folder), pieces)}


def _rendered(count: int) -> Iterator[tuple[str, np.ndarray, int]]:
    import soxr

    from ml.audio.catalogue import pieces
    from ml.audio.compose import compose
    from ml.audio.instruments import SAMPLE_RATE
    from ml.audio.synth import render

    for spec in random.Random(SEED).sample(list(pieces()), count):
        sound = np.asarray(render(compose(spec)), dtype=np.float32)
        yield spec.slug, soxr.resample(sound, SAMPLE_RATE, RATE), RATE


def speed(folder: Path) -> dict[str, Any]:
    """Processor seconds for each minute that is measured, and for each minute of the track."""
    import soundfile

    from ml.audio.measures import measure_file

    tracks = [(sound, rate) for _, sound, rate in _rendered(SONGS)]
    rate = tracks[0][1]
    path = folder / "song.mp3"
    of_window: list[float] = []
    of_track: list[float] = []
    wall: list[float] = []
    for seconds in (60.0, SONG_S):
        for first in range(SONGS):
            parts = [tracks[(first + place) % SONGS][0] for place in range(SONGS)]
            song = np.concatenate(parts)[: int(seconds * rate)]
            soundfile.write(path, song, rate, format="MP3")
            if not of_window:
                measure_file(path)  # libraries are loaded once
            clock, before = time.monotonic(), time.process_time()
            found = measure_file(path)
            spent = time.process_time() - before
            wall.append((time.monotonic() - clock) / (found.duration_s / 60))
            of_window.append(spent / (found.window_s / 60))
            of_track.append(spent / (found.duration_s / 60))
    mix = folder / "mix.flac"
    block = np.concatenate([sound for sound, _ in tracks])
    with soundfile.SoundFile(mix, "w", rate, block.shape[1]) as file:
        for _ in range(int(MIX_S * rate / len(block)) + 1):
            file.write(block)
    before = time.process_time()
    found = measure_file(mix)
    return {
        "processor_s_per_measured_minute": round(statistics.mean(of_window), 3),
        "most_per_measured_minute": round(max(of_window), 3),
        "processor_s_per_track_minute": round(statistics.mean(of_track[SONGS:]), 3),
        "most_wall_s_per_track_minute": round(max(wall), 3),
        "tracks": len(of_window),
        "two_hours": {
            "duration_s": round(found.duration_s),
            "processor_s": round(time.process_time() - before, 2),
        },
        "most_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def fingerprints(folder: Path, count: int) -> dict[str, Any]:
    """Share of copies found, and false matches among all pairs of different pieces."""
    import soundfile

    from ml.audio.fingerprint import SAME, distances
    from ml.audio.measures import measure_file

    originals: list[bytes] = []
    copies: dict[str, list[bytes]] = {}
    for _slug, sound, rate in _rendered(count):
        path = folder / "original.wav"
        soundfile.write(path, sound, rate)
        originals.append(measure_file(path).fingerprint)
        for name, file, changed, options in _copies(sound, rate):
            _write(folder / file, changed, rate, options)
            copies.setdefault(name, []).append(measure_file(folder / file).fingerprint)
    assert set(copies) == set(COPIES)  # noqa: S101
    result: dict[str, Any] = {"pieces": count, "same_below": SAME, "bytes": len(originals[0])}
    nearest_other, false, pairs, same_length = [], 0, 0, 0
    for name, found in copies.items():
        own = []
        for place, one in enumerate(found):
            gaps = distances(one, originals, any_length=True)
            within = distances(one, originals)
            own.append(float(within[place]))
            others = np.delete(gaps, place)
            nearest_other.append(float(others.min()))
            false += int((others <= SAME).sum())
            pairs += len(others)
            same_length += int(np.isfinite(np.delete(within, place)).sum())
        result[name] = {
            "found": round(float(np.mean(np.array(own) <= SAME)), 4),
            "median": round(statistics.median(own), 2),
            "most": round(max(own), 2),
        }
    result |= {
        "false_matches": false,
        "pairs": pairs,
        "pairs_of_same_length": same_length,
        "nearest_other_song": round(min(nearest_other), 2),
    }
    return result


def _write(path: Path, sound: np.ndarray, rate: int, options: dict[str, Any]) -> None:
    """A second at a time: libsndfile's Vorbis encoder crashes on a minute at once."""
    import soundfile

    with soundfile.SoundFile(path, "w", rate, sound.shape[1], **options) as file:
        for start in range(0, len(sound), rate):
            file.write(sound[start : start + rate])


def _copies(sound: np.ndarray, rate: int) -> Iterator[tuple[str, str, np.ndarray, dict[str, Any]]]:
    """Name, file, samples and how to write them, for each way to make a copy."""
    steady = {"format": "MP3", "bitrate_mode": "CONSTANT"}
    gap = np.zeros((int(0.3 * rate), sound.shape[1]), dtype=sound.dtype)
    # libsndfile's 0..1 runs from 320 down to 32 kbit/s.
    yield "mp3_128k", "a.mp3", sound, {**steady, "compression_level": (320 - 128) / (320 - 32)}
    yield "mp3_64k_quieter", "b.mp3", 0.3 * sound, {
        **steady, "compression_level": (320 - 64) / (320 - 32)
    }  # fmt: skip
    yield "ogg_300ms_late", "c.ogg", np.concatenate([gap, sound]), {}
    yield "mp3_300ms_cut", "d.mp3", sound[len(gap) :], {"format": "MP3"}
