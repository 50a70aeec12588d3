"""Real audio files for tests, with tags, made here and now."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from PIL import Image

SUFFIXES = ("wav", "flac", "ogg", "opus", "mp3", "m4a")
_KINDS = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
_STRINGS = ("title", "artist", "album", "genre", "date", "tracknumber")


@lru_cache(maxsize=64)
def tone(hertz: int = 220, seconds: float = 3.0, rate: int = 48_000) -> np.ndarray:
    """A quiet tone, float32."""
    t = np.arange(int(seconds * rate), dtype=np.float32) / rate
    return (0.3 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def write(path: Path, *, hertz: int = 220, seconds: float = 3.0, **tags: Any) -> Path:
    """An audio file of the kind its name says, with these tags: title, artist, album, ..."""
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix[1:].lower()
    if suffix == "m4a":
        path.write_bytes(m4a(seconds=seconds, content=hertz, **tags))
        return path
    kind, coding = _KINDS[suffix]
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", samplerate=48_000, channels=1, format=kind, subtype=coding
    ) as file:
        if suffix != "mp3":
            for name in _STRINGS:
                if name in tags:
                    setattr(file, name, str(tags[name]))
        file.write(tone(hertz, seconds))
    data = buffer.getvalue()
    if suffix == "mp3" and tags:
        data = id3(**tags) + data
    path.write_bytes(data)
    return path


# --- ID3 ------------------------------------------------------------------------------------------

_FRAMES = {
    "title": b"TIT2", "artist": b"TPE1", "album": b"TALB", "genre": b"TCON", "date": b"TDRC",
    "tracknumber": b"TRCK", "albumartist": b"TPE2", "isrc": b"TSRC",
}  # fmt: skip


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: bytes, content: bytes) -> bytes:
    """An ID3v2.4 frame."""
    return name + _synchsafe(len(content)) + b"\0\0" + content


def id3(picture: bytes = b"", more: bytes = b"", **tags: Any) -> bytes:
    """An ID3v2.4 tag in UTF-8; `more` is put in as it is."""
    frames = b"".join(
        frame(_FRAMES[name], b"\x03" + str(value).encode()) for name, value in tags.items()
    )
    if picture:
        frames += frame(b"APIC", b"\x03image/png\0\x03\0" + picture)
    frames += more
    return b"ID3\x04\0\0" + _synchsafe(len(frames)) + frames


def png(colour: str = "red", side: int = 300) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


# --- M4A ------------------------------------------------------------------------------------------


def _atom(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", 8 + len(content)) + name + content


def _text(name: bytes, value: str) -> bytes:
    return _atom(name, _atom(b"data", struct.pack(">II", 1, 0), value.encode()))


def _descriptor(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def _aac() -> bytes:
    """The sample entry of AAC-LC, 44.1 kHz, mono."""
    config = _descriptor(0x05, bytes([0x12, 0x08]))
    decoder = _descriptor(
        0x04, bytes([0x40, 0x15]) + bytes(3) + struct.pack(">II", 0, 64_000) + config
    )
    stream = _descriptor(0x03, struct.pack(">HB", 1, 0) + decoder)
    entry = bytes(6) + struct.pack(">HQHHHHI", 1, 0, 1, 16, 0, 0, 44_100 << 16)
    return _atom(b"mp4a", entry, _atom(b"esds", bytes(4), stream))


def _alac() -> bytes:
    """The sample entry of Apple Lossless, 16 bits, mono."""
    entry = bytes(6) + struct.pack(">HQHHHHI", 1, 0, 1, 16, 0, 0, 44_100 << 16)
    cookie = bytes(4) + struct.pack(
        ">IBBBBBBHIII", 4096, 0, 16, 40, 10, 14, 1, 255, 0, 64_000, 44_100
    )
    return _atom(b"alac", entry, _atom(b"alac", cookie))


def m4a(*, seconds: float = 3.0, content: int = 0, lossless: bool = False, **tags: Any) -> bytes:
    """A small MP4 with one audio track: all that a reader of tags and players' servers look at.

    Its sound is bytes of no meaning, differing with `content`; nothing here decodes it.
    """
    names = {"title": b"\xa9nam", "artist": b"\xa9ART", "album": b"\xa9alb", "genre": b"\xa9gen"}
    items = [_text(names[name], str(value)) for name, value in tags.items() if name in names]
    stsd = _atom(b"stsd", struct.pack(">II", 0, 1), _alac() if lossless else _aac())
    track = _atom(b"trak", _atom(b"mdia", _atom(b"minf", _atom(b"stbl", stsd))))
    header = struct.pack(">IIIII", 0, 0, 0, 1000, int(seconds * 1000)) + bytes(80)
    meta = _atom(b"meta", bytes(4), _atom(b"ilst", *items))
    movie = _atom(b"moov", _atom(b"mvhd", header), track, _atom(b"udta", meta))
    sound = bytes([content % 256]) * int(seconds * 8000)
    return _atom(b"ftyp", b"M4A \0\0\2\0M4A isom") + movie + _atom(b"mdat", sound)
