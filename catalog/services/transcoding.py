"""Files that browsers do not play, as MP3, where ffmpeg is installed.

Which these are says `catalog.library.formats.browsers_play`: above all Apple Lossless. Where ffmpeg
is not there, the file is sent as it is: some browsers play it, and so do phones.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from catalog.library.formats import browsers_play, plain_type
from catalog.models import AudioFile
from catalog.services.audio import audio_made

#: Seconds; an hour of music takes about half a minute.
TIMEOUT_S = 60.0
#: Seconds of music; longer files are sent as they are.
LONGEST_S = 2 * 3600
BITRATE = "192k"
#: The one reader that ffmpeg may use, by the file's type. Left to guess, it would follow a playlist
#: that somebody put in the file's place to other files of this machine.
DEMUXERS = {"audio/mp4": "mov", "audio/wav": "wav"}


def file_transcoded(*, file: AudioFile, path: Path) -> Path | None:
    """The file at `path` as MP3 from the cache, made first; None where it is sent as it is.

    Raises
    ------
    DomainError
        `audio_unavailable` (503) when ffmpeg cannot read it, or not in its time.
    """
    if browsers_play(file.content_type) or (file.duration_s or 0) > LONGEST_S:
        return None
    ffmpeg, demuxer = shutil.which("ffmpeg"), DEMUXERS.get(plain_type(file.content_type))
    if ffmpeg is None or demuxer is None:
        return None
    command = [
        ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y",
        # Nothing that the file names is fetched, and no picture in it is decoded.
        "-protocol_whitelist", "file", "-f", demuxer, "-i", f"file:{path}", "-map", "0:a:0", "-vn",
        "-map_metadata", "-1", "-t", str(LONGEST_S), "-b:a", BITRATE, "-f", "mp3",
    ]  # fmt: skip
    return audio_made(_name(file.digest), command, TIMEOUT_S)


def transcoded_drop(*, digest: str) -> None:
    """Remove what was made of a content that no row names any more; call after the commit."""
    if not AudioFile.objects.filter(digest=digest).exists():
        (Path(settings.AUDIO_CACHE_DIR) / _name(digest)).unlink(missing_ok=True)


def _name(digest: str) -> str:
    return f"file-{digest}.mp3"
