"""Reading what libsndfile does not (M4A, AAC, WMA ...) by the ``ffmpeg`` executable."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ml.audio.reading import AudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The one reader that ffmpeg may use, by the file's suffix. Left to guess, it would follow a
#: playlist in disguise to other files of this machine.
DEMUXERS = {
    ".m4a": "mov",
    ".m4b": "mov",
    ".mp4": "mov",
    ".3gp": "mov",
    ".aac": "aac",
    ".wma": "asf",
    ".webm": "matroska",
    ".mka": "matroska",
}
#: Seconds.
TIMEOUT_S = 40.0
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_CHANNELS = 2


def read(file: Path, seconds: float, rate: int) -> tuple[NDArray[np.float32], float]:
    """The middle `seconds` of a file as (n, 2) samples at `rate`, and its whole length in seconds.

    Raises
    ------
    AudioError
        unsupported_format without the executable, corrupt, too_slow.
    """
    import numpy as np

    program = shutil.which("ffmpeg")
    if program is None:
        raise AudioError(
            "unsupported_format", f"{file.name}: reading {file.suffix} files needs ffmpeg"
        )
    # "file:" and an absolute path, so that no name is taken for an option or an address.
    source = ["-protocol_whitelist", "file", "-f", DEMUXERS[file.suffix.lower()]]
    source += ["-i", f"file:{file.resolve()}"]
    whole_s = _duration_s(_run([program, "-nostdin", "-hide_banner", *source], file).stderr)
    start = max(0.0, ((whole_s or 0.0) - seconds) / 2)
    done = _run(
        [
            *(program, "-nostdin", "-v", "error", "-ss", f"{start:.3f}", *source),
            *("-t", f"{seconds:.3f}", "-vn", "-ac", str(_CHANNELS), "-ar", str(rate)),
            *("-f", "f32le", "-"),
        ],
        file,
    )
    whole = len(done.stdout) // (4 * _CHANNELS) * _CHANNELS * 4
    samples = np.frombuffer(done.stdout[:whole], dtype="<f4").reshape(-1, _CHANNELS)
    if not len(samples):
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise AudioError("corrupt", f"{file.name} cannot be read: {words[-1] if words else ''}")
    return samples, whole_s or len(samples) / rate


def _run(command: list[str], file: Path) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise AudioError("too_slow", f"{file.name}: ffmpeg took too long") from error
    except OSError as error:
        raise AudioError("unsupported_format", f"ffmpeg cannot be run: {error}") from error


def _duration_s(said: bytes) -> float | None:
    found = _DURATION.search(said.decode(errors="replace"))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
