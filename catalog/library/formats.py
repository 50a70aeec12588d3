"""The formats of audio files: which are imported, and which of them browsers play.

Current browsers play MP3, FLAC, Ogg with Vorbis or Opus (Safari since 18.4), M4A with AAC, and WAV
with plain samples or the telephone's two compressions of them. They do not all play M4A with
anything else, Apple Lossless above all, nor WAV with other compressions.
"""

from __future__ import annotations

import re

#: Ends of the names of files that are imported.
AUDIO = frozenset({".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".wav"})
#: Audio that is not read here; a library's owner should hear why these songs are missing.
OTHER_AUDIO = frozenset(
    {
        ".aac", ".aif", ".aiff", ".alac", ".ape", ".dff", ".dsf", ".m4b", ".m4p", ".mka", ".mpc",
        ".tta", ".wma", ".wv",
    }
)  # fmt: skip
NAMES = "MP3, FLAC, OGG, Opus, M4A and WAV"
#: End of the name of a copy, by type.
SUFFIXES = {
    "audio/mpeg": ".mp3",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/wav": ".wav",
}
_CODEC = re.compile(r'codecs="?([^";]+)')
#: Of WAV, in hexadecimal: PCM, floating point, A-law, mu-law.
_PLAYED_WAV = frozenset({"1", "3", "6", "7"})
#: Of MP4: AAC, and MP3 within it.
_PLAYED_MP4 = ("mp4a.40", "mp4a.67", "mp4a.69", "mp4a.6b")
#: Bytes that tell the type.
HEAD = 12


def type_of(head: bytes) -> str | None:
    """The type that a file's first `HEAD` bytes tell, whatever its name says; None for others."""
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    # A tag may stand before MP3 or FLAC; else 11 set bits, then a version and layer there are.
    if head.startswith(b"ID3"):
        return "audio/mpeg"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        version, layer, bitrate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4
        if version != 1 and layer == 1 and bitrate != 15:
            return "audio/mpeg"
    return None


def plain_type(content_type: str) -> str:
    """The type as players, Safari's among them, want it: without the codec."""
    return content_type.partition(";")[0].strip()


def browsers_play(content_type: str) -> bool:
    """Whether every current browser plays files of this type and codec."""
    found = _CODEC.search(content_type)
    if found is None:
        return True
    codec = found[1].casefold()
    kind = plain_type(content_type)
    if kind == "audio/mp4":
        return codec.startswith(_PLAYED_MP4)
    if kind == "audio/wav":
        return codec in _PLAYED_WAV
    return True
