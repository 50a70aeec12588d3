"""Pictures of covers: checked, shrunk, written anew, and kept under the hash of their content."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import warnings
from pathlib import Path, PurePath

from PIL import Image, ImageOps

from catalog.library.refusals import Refused

#: Bytes and pixels of a picture as it is found.
MOST_BYTES = 16 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
#: Pixels of the longer side as it is kept, and JPEG quality.
SIDE, QUALITY = 640, 85
#: Names of pictures beside the music, best first.
STEMS = ("cover", "folder", "front")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def cover_made(data: bytes) -> bytes:
    """A JPEG of at most 640 pixels a side, with none of the bytes or metadata that came in.

    Raises
    ------
    Refused
        cover_refused
    """
    if len(data) > MOST_BYTES:
        raise Refused("cover_refused", "Its cover is too large; it was left out.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refused("cover_refused", "Its cover has too many pixels.")
                image.draft("RGB", (SIDE, SIDE))
                upright = ImageOps.exif_transpose(image).convert("RGB")
                upright.thumbnail((SIDE, SIDE))
                out = io.BytesIO()
                upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    except Refused:
        raise
    except Exception as error:
        # Whatever a decoder trips over: the song is wanted with or without its cover.
        raise Refused("cover_refused", "Its cover is no picture that can be read.") from error
    return out.getvalue()


def cover_keep(data: bytes, folder: Path) -> str:
    """Keep a made cover in `folder`; the name it has there."""
    name = f"{hashlib.sha256(data).hexdigest()}.jpg"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(folder / name)
        finally:
            Path(temporary).unlink(missing_ok=True)
    return name


def cover_beside(folder: Path) -> bytes | None:
    """The picture cover.jpg, folder.jpg or the like in a folder of music, any case; None without.

    A link is not followed: it could lead out of the folder.
    """
    found: dict[tuple[int, int], str] = {}
    with os.scandir(folder) as names:
        for one in names:
            name = PurePath(one.name.casefold())
            stem, suffix = name.stem, name.suffix
            if stem in STEMS and suffix in SUFFIXES and one.is_file(follow_symlinks=False):
                found[STEMS.index(stem), SUFFIXES.index(suffix)] = one.path
    if not found:
        return None
    handle = os.open(found[min(found)], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return file.read(MOST_BYTES + 1)
