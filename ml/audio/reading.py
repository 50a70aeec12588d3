"""Reading a window of any audio file, in bounded time and memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Seconds. Of longer recordings the middle is read: there a song is most itself, and a mix of
#: hours costs no more than a song.
WINDOW_S = 120.0
#: Seconds. Less than this has neither tempo nor key.
SHORTEST_S = 3.0
#: Samples per second that are kept; faster recordings are resampled as they are read.
MOST_RATE = 48_000
#: What a file may claim of itself. Beyond, it is damaged or no music.
RATES = (4_000, 768_000)
MOST_CHANNELS = 32
#: A sample beyond this (full scale is 1) is damage.
MOST_LEVEL = 100.0
_BLOCK_S = 2.0
_UNRECOGNISED = (1, 4)  # libsndfile: unknown format, unsupported encoding
#: Of files that libsndfile reads; with another name what it does not know is no damage.
SUFFIXES = frozenset({
    ".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".au", ".caf", ".w64",
})  # fmt: skip

#: Why a file could not be measured: code -> words for people.
REASONS: dict[str, str] = {
    "missing": "The file is not there.",
    "unreadable": "The file may not be read by this server.",
    "unsupported_format": "The format is unknown, or needs ffmpeg, which is not installed.",
    "corrupt": "The file is damaged: no sound could be read from it.",
    "too_short": f"The sound lasts less than {SHORTEST_S:.0f} seconds.",
    "silent": "There is nothing to hear in the file.",
    "too_slow": "Measuring took too long and was stopped.",
    "crashed": "Measuring ended unexpectedly.",
}


class AudioError(ValueError):
    """A file that cannot be measured; `reason` is a code of ``REASONS``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or REASONS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a recording that is measured.

    Attributes
    ----------
    samples : (n, 1 or 2) float32, finite; channels beyond the second are left out
    rate : samples per second, at most ``MOST_RATE``
    duration_s : of the whole recording
    """

    samples: NDArray[np.float32]
    rate: int
    duration_s: float


def read_window(path: str | os.PathLike[str], seconds: float = WINDOW_S) -> Window:
    """Read the middle `seconds` of a file, or all of a shorter one.

    Whatever libsndfile reads, and MPEG-4 and the like by the ``ffmpeg`` executable if it is there.
    A file that holds less than it claims is read from its beginning.

    Raises
    ------
    AudioError
        missing, unreadable, unsupported_format, corrupt, too_short.
    """
    file = Path(path)
    if not file.is_file():
        raise AudioError("missing", f"there is no file {file}")
    try:
        with file.open("rb") as stream:
            if not stream.read(1):
                raise AudioError("corrupt", f"{file.name} is empty")
    except OSError as error:
        raise AudioError("unreadable", f"{file.name} cannot be opened: {error.strerror}") from error
    window = _decoded(file, seconds)
    if window.duration_s < SHORTEST_S or len(window.samples) < SHORTEST_S * window.rate:
        raise AudioError("too_short", f"{file.name} lasts {window.duration_s:.1f} s")
    # Written so that NaN, which spreads to both ends, is refused too.
    if not (window.samples.min() >= -MOST_LEVEL and window.samples.max() <= MOST_LEVEL):
        raise AudioError("corrupt", f"{file.name} holds samples that are no sound")
    return window


def _decoded(file: Path, seconds: float) -> Window:
    import soundfile

    from ml.audio import ffmpeg

    try:
        return _by_soundfile(file, seconds)
    except soundfile.LibsndfileError as error:
        if file.suffix.lower() in ffmpeg.DEMUXERS:
            samples, duration_s = ffmpeg.read(file, seconds, MOST_RATE)
            return Window(samples, MOST_RATE, duration_s)
        known = error.code not in _UNRECOGNISED or file.suffix.lower() in SUFFIXES
        reason = "corrupt" if known else "unsupported_format"
        raise AudioError(reason, f"{file.name} cannot be read: {error}") from error


def _by_soundfile(file: Path, seconds: float) -> Window:
    import soundfile

    with soundfile.SoundFile(str(file)) as source:
        rate, frames = source.samplerate, source.frames
        if not RATES[0] <= rate <= RATES[1] or source.channels > MOST_CHANNELS:
            raise AudioError(
                "unsupported_format", f"{file.name}: {source.channels} channels at {rate} Hz"
            )
        kept = min(rate, MOST_RATE)
        start = max(0, (frames - int(seconds * rate)) // 2)
        samples = _gathered(source, start, seconds, kept)
    if len(samples) < min(SHORTEST_S * kept, frames * kept / rate / 2) and start:
        # The header promised a middle that is not there.
        with soundfile.SoundFile(str(file)) as source:
            samples = _gathered(source, 0, seconds, kept)
        return Window(samples, kept, len(samples) / kept)
    whole = frames / rate if len(samples) >= 0.95 * min(frames / rate, seconds) * kept else 0.0
    return Window(samples, kept, whole or start / rate + len(samples) / kept)


def _gathered(source: Any, start: int, seconds: float, kept: int) -> NDArray[np.float32]:
    """Up to `seconds` of sound from frame `start`, at `kept` samples per second."""
    import numpy as np
    import soundfile

    room = np.empty((int(seconds * kept), min(source.channels, 2)), dtype=np.float32)
    filled = 0
    try:
        source.seek(start)
        for block in _blocks(source, room.shape[1], int(seconds * source.samplerate), kept):
            block = block[: len(room) - filled]
            room[filled : filled + len(block)] = block
            filled += len(block)
    except soundfile.LibsndfileError:
        pass  # what was read before the damage counts; whether it is enough the caller sees
    return room[:filled]


def _blocks(source: Any, channels: int, frames: int, kept: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of the next `frames` frames; resampled across their borders where rates differ."""
    import soxr

    rate = source.samplerate
    stream = None
    if rate != kept:
        stream = soxr.ResampleStream(rate, kept, channels, dtype="float32", quality="MQ")
    while frames > 0:
        block = source.read(min(frames, int(_BLOCK_S * rate)), dtype="float32", always_2d=True)
        frames -= len(block)
        last = not len(block) or frames <= 0
        part = block[:, :channels]
        yield part if stream is None else stream.resample_chunk(part, last=last)
        if last:
            return
