"""The one door for pictures: whatever page, API or test sends comes through `frames_read`.

In this order: number of files, length while reading, type by its first bytes, number of pixels,
decoding, turning upright, flattening, shrinking, and writing anew as JPEG. What leaves has no
metadata and none of the bytes that came in, so nothing hidden in a file survives. Nothing is
written to disk here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ml.emotion.pictures import PictureError, decode
from moodmusic.problems import DomainError

MAX_FRAMES = 8
#: Bytes of one frame as sent.
MAX_FRAME_BYTES = 8 * 1024 * 1024
#: JPEG quality of what is handed on; a face read at 92 reads as from the original.
QUALITY = 92

_STATUS = {
    "empty_file": 400,
    "unsupported_type": 415,
    "animated": 415,
    "too_many_pixels": 413,
    "damaged_image": 422,
}
#: What `ml.emotion.pictures` says of bytes that are no usable picture.
WORDS = {
    "empty_file": gettext_lazy("The file is empty."),
    "unsupported_type": gettext_lazy("Send a JPEG, PNG or WebP picture."),
    "animated": gettext_lazy("Send a still picture, not an animation."),
    "damaged_image": gettext_lazy("The picture is damaged or incomplete."),
}


class Readable(Protocol):
    """An uploaded file, or any binary file."""

    def read(self, size: int, /) -> bytes: ...


def frames_read(files: Iterable[Readable]) -> list[bytes]:
    """Clean JPEGs (RGB, upright, longer side <= 1280 pixels, no metadata) of what was sent.

    Raises
    ------
    DomainError
        no_frames 400, too_many_frames 400, empty_file 400, upload_too_large 413,
        unsupported_type 415, animated 415, too_many_pixels 413, damaged_image 422.
    """
    given = list(islice(files, MAX_FRAMES + 1))
    if not given:
        raise DomainError("no_frames", _("Send at least one picture in the field frames."), 400)
    if len(given) > MAX_FRAMES:
        raise DomainError(
            "too_many_frames", _("Send at most %(most)d pictures.") % {"most": MAX_FRAMES}, 400
        )
    return [_frame_read(file) for file in given]


def _frame_read(file: Readable) -> bytes:
    data = file.read(MAX_FRAME_BYTES + 1)
    if len(data) > MAX_FRAME_BYTES:
        raise _too_large()
    try:
        image = decode(data)
    except PictureError as error:
        words = str(WORDS.get(error.code, error))
        raise DomainError(error.code, words, _STATUS[error.code]) from error
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _too_large() -> DomainError:
    limit = MAX_FRAME_BYTES // (1024 * 1024)
    return DomainError(
        "upload_too_large", _("A picture may have at most %(limit)d MB.") % {"limit": limit}, 413
    )
