"""Tags of an audio file, read by tinytag within bounds that no file can stretch."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from tinytag import TinyTag, TinyTagException

from catalog.library.formats import plain_type
from catalog.library.names import clean
from catalog.library.refusals import Refused

#: Bytes read for tags and length; pictures of covers are most of it.
MOST_BYTES = 24 * 1024 * 1024
#: Reads; two for each page of an Ogg file, so that this is 60 hours of music.
MOST_READS = 2_000_000
#: Bits a second below which a length is not believed; silence in FLAC takes 1,200.
LEAST_BITRATE = 200
#: Characters, as in the catalogue.
LONGEST_TITLE, LONGEST_GENRE = 200, 60
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_YEAR = re.compile(r"\s*([12]\d{3})\b")
_LANGUAGE = re.compile(r"[a-z]{2}")


class TooMuch(Exception):
    """The file wants more to be read than any honest one."""


class Bounded:
    """A file of which only so much can be read."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._bytes, self._reads = MOST_BYTES, MOST_READS

    def read(self, size: int = -1) -> bytes:
        # A piece that is said to be longer than the file is asked for no further than allowed.
        self._reads -= 1
        if self._bytes <= 0 or self._reads <= 0:
            raise TooMuch
        data = self._handle.read(self._bytes if size < 0 else min(size, self._bytes))
        self._bytes -= len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        return self._handle.tell()

    def close(self) -> None:
        self._handle.close()


@dataclass(slots=True, kw_only=True)
class Said:
    """What a file says of itself; "" and None where it says nothing.

    `content_type` comes with the codec where the type alone does not tell it.
    """

    content_type: str
    duration_s: float
    sample_rate: int | None
    channels: int | None
    bitrate_kbps: float | None
    title: str
    artist: str
    album: str
    album_artist: str
    genre: str
    year: int | None
    track_number: int | None
    isrc: str
    language: str


@dataclass(slots=True, kw_only=True)
class Tags(Said):
    """As it was read, with its picture; `notes` are (code, detail) of what was left out."""

    picture: bytes | None
    notes: list[tuple[str, str]] = field(default_factory=list)


def tags_read(handle: BinaryIO) -> Tags:
    """Tags of an open file.

    Raises
    ------
    Refused
        damaged, tags_too_large, no_sound
    """
    handle.seek(0)
    try:
        found, notes = _parsed(handle, picture=True), []
    except TooMuch:
        try:
            found = _parsed(handle, picture=False)
        except TooMuch:
            raise Refused(
                "tags_too_large", "Its tags are larger than any honest file's, so they were left."
            ) from None
        notes = [("cover_refused", "The picture in its tags is too large; it was left out.")]
    duration = found.duration
    if not duration or not found.samplerate or not 0 < found.samplerate <= 6_144_000:
        raise Refused("no_sound", "No sound of a known length is in it.")
    if found.filesize * 8 < LEAST_BITRATE * duration or _longer_than_the_file(found):
        raise Refused("damaged", "It says to be longer than it is: it is cut off, or made up.")
    other = found.other
    return Tags(
        content_type=(found.mime_type or "").replace('"', "")[:40],
        duration_s=round(float(duration), 3),
        sample_rate=found.samplerate,
        channels=found.channels if found.channels and found.channels < 1000 else None,
        bitrate_kbps=round(found.bitrate, 1) if found.bitrate else None,
        title=_words(found.title, LONGEST_TITLE, "title", notes),
        artist=_words(found.artist, LONGEST_TITLE, "artist", notes),
        album=_words(found.album, LONGEST_TITLE, "album", notes),
        album_artist=clean(found.albumartist or "", LONGEST_TITLE),
        genre=clean(found.genre or "", LONGEST_GENRE),
        year=_year(found.year),
        track_number=found.track if found.track and 0 < found.track < 32_768 else None,
        isrc=_matching(_ISRC, (other.get("isrc") or [""])[0].replace("-", "").upper()),
        language=_matching(_LANGUAGE, (other.get("language") or [""])[0].casefold()),
        picture=_picture(found),
        notes=notes,
    )


def _parsed(handle: BinaryIO, *, picture: bool) -> TinyTag:
    handle.seek(0)
    try:
        # By its content: a name can say anything.
        return TinyTag.get(file_obj=cast("BinaryIO", Bounded(handle)), image=picture)
    except TinyTagException as error:
        if isinstance(error.__cause__, TooMuch):
            raise TooMuch from error
        raise Refused("damaged", "It is not the audio file that its beginning says.") from error


def _longer_than_the_file(found: TinyTag) -> bool:
    """Whether plain samples claim more bytes than there are; compressed ones do not tell."""
    plain = plain_type(found.mime_type or "") == "audio/wav" and found.is_lossless
    claimed = (found.bitrate or 0) * 125 * (found.duration or 0)
    return bool(plain) and claimed > found.filesize * 1.01 + 4096


def _words(text: str | None, longest: int, name: str, notes: list[tuple[str, str]]) -> str:
    words = clean(text or "", longest)
    if text and len(text) > longest and words.endswith("…"):
        notes.append((f"{name}_too_long", f"Its {name} was cut to {longest} characters."))
    return words


def _year(text: str | None) -> int | None:
    found = _YEAR.match(str(text or ""))
    return int(found[1]) if found else None


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _picture(found: TinyTag) -> bytes | None:
    image = found.images.front_cover or found.images.any
    return image.data if image is not None and image.data else None
