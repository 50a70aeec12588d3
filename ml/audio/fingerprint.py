"""A fingerprint of a recording's sound, by which copies of it are found again.

Of the measured window, 40 equal steps: in each, how the energy lies over the twelve pitch classes
and over eight bands of frequency, and how loud it is beside the whole. Steps overlap by half, so a
few hundred milliseconds more or less at the beginning change little; levels are taken relative to
the recording, so volume changes nothing. 843 bytes.

Two fingerprints are compared by their root mean square difference: a re-encoded copy differs
everywhere by little, another song somewhere by much. Songs of which the sound never changes
(a held tone) have little that tells them apart, but their spectrum and pitch still do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FINGERPRINT_VERSION = 1
STEPS = 40
BANDS = 8
#: Version, then seconds in tenths as two bytes (most significant first), then the steps.
_HEADER = 3
SIZE = _HEADER + STEPS * (12 + BANDS + 1)
#: Steps of the int8 values: a share of energy of 1/12 is 64, a decibel is 4.
_PER_SHARE, _PER_DB = 12 * 64.0 / 2, 4.0
#: Share of a band's mean energy under which differences do not count.
_FAINT = 3e-2
#: Copies may differ so much in length, seconds and share: encoders pad, editors trim.
LENGTH_S, LENGTH_SHARE = 2.0, 0.02
#: Distance below which two fingerprints are of one recording, see benchmarks/sound.py.
SAME = 6.0
_CHUNK = 4096


def fingerprint(
    mel_db: NDArray[np.float32], chroma: NDArray[np.float32], duration_s: float
) -> bytes:
    """Make the fingerprint.

    Parameters
    ----------
    mel_db : (bands, frames) level of the window in dB, see `ml.audio.analyse.Heard`
    chroma : (12, frames) energy of the pitch classes, of frames of any length
    duration_s : of the whole recording
    """
    import numpy as np

    power = 10.0 ** (mel_db.astype(np.float64) / 10.0)
    groups = np.add.reduceat(power, np.linspace(0, len(power), BANDS, endpoint=False, dtype=int))
    # Encoders drop what is faint beside the rest, the highest band first.
    floor = 1e-12 + groups.mean() * _FAINT
    levels = 10.0 * np.log10(_stepped(groups) + floor)
    whole = 10.0 * np.log10(_stepped(power.sum(axis=0, keepdims=True)) + floor)
    shares = _stepped(chroma.astype(np.float64))
    shares = shares / np.maximum(shares.sum(axis=0), 1e-9)
    rows = np.concatenate([
        (shares - 1 / 12) * _PER_SHARE,
        (levels - whole + 9.0) * _PER_DB,  # 9 dB: an eighth of the energy in each band
        (whole - whole.mean()) * _PER_DB,
    ])  # fmt: skip
    body = np.clip(np.rint(rows), -127, 127).astype(np.int8)
    tenths = min(round(duration_s * 10), 65_535)
    return bytes([FINGERPRINT_VERSION, tenths >> 8, tenths & 255]) + body.tobytes()


def _stepped(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """(k, STEPS) means of frames under overlapping triangles."""
    import numpy as np

    frames = rows.shape[1]
    centres = (np.arange(STEPS) + 0.5) * frames / STEPS
    width = max(frames / STEPS, 1.0)
    away = np.abs((np.arange(frames) + 0.5)[:, None] - centres)
    weights = np.maximum(1.0 - away / width, 0.0)
    stepped: NDArray[np.float64] = rows @ (weights / np.maximum(weights.sum(axis=0), 1e-9))
    return stepped


def distance(one: bytes, other: bytes) -> float:
    """Root mean square difference of two fingerprints, 0 for equal ones; infinite where their
    lengths rule out that they are of one recording.

    Raises
    ------
    ValueError
        when either is no fingerprint of this version.
    """
    return float(distances(one, [other])[0])


def distances(
    one: bytes, many: Sequence[bytes], *, any_length: bool = False
) -> NDArray[np.float32]:
    """(len(many),) distances of `one` to each, see `distance`; lengths may be left out of it."""
    import numpy as np

    if not many:
        return np.empty(0, dtype=np.float32)
    for each in (one, *many):
        if len(each) != SIZE or each[0] != FINGERPRINT_VERSION:
            raise ValueError("not a fingerprint of this version")
    table = np.frombuffer(b"".join(many), dtype=np.uint8).reshape(-1, SIZE)
    row = np.frombuffer(one, dtype=np.uint8)
    body = row[_HEADER:].view(np.int8).astype(np.float32)
    found = np.empty(len(table), dtype=np.float32)
    for start in range(0, len(table), _CHUNK):
        part = np.ascontiguousarray(table[start : start + _CHUNK, _HEADER:]).view(np.int8)
        gaps = part.astype(np.float32) - body
        found[start : start + _CHUNK] = np.sqrt(np.mean(gaps * gaps, axis=1))
    if any_length:
        return found
    here, there = _seconds(row[None])[0], _seconds(table)
    apart = np.abs(there - here) > np.maximum(LENGTH_S, LENGTH_SHARE * here)
    found[apart] = np.inf
    return found


def matches(one: bytes, many: Sequence[bytes], within: float = SAME) -> list[tuple[int, float]]:
    """Places in `many` of copies of `one` and their distances, nearest first."""
    found = distances(one, many)
    return sorted(
        ((place, float(gap)) for place, gap in enumerate(found) if gap <= within),
        key=lambda match: match[1],
    )


def _seconds(table: NDArray[np.uint8]) -> NDArray[np.float64]:
    import numpy as np

    seconds: NDArray[np.float64] = (table[:, 1].astype(np.float64) * 256 + table[:, 2]) / 10.0
    return np.asarray(seconds)
