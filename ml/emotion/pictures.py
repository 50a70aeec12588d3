"""From the bytes of a picture that somebody sent to upright RGB pixels, or to a named refusal.

Needs Pillow and numpy only, so that a web process may use it. OpenCV's own decoder is never given
such bytes: it unpacks a 48 kB file of 20000x20000 pixels into more than a gigabyte.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image

#: Width times height. The largest common phone picture has 24.5 million.
MAX_PIXELS = 25_000_000
#: Pixels of the longer side after decoding: four times what the face detector needs.
LONG_SIDE = 1280

# Pillow raises above twice this number while it reads the header, before it allocates anything;
# for every format and for every other user of Pillow in this process.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

_EXIF_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureError(ValueError):
    """Bytes that are no usable picture. `code` is stable: empty_file, unsupported_type,
    too_many_pixels, animated or damaged_image; the message is for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def kind(data: bytes) -> str | None:
    """ "JPEG", "PNG" or "WEBP" by the first bytes; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def decode(data: bytes) -> Image.Image:
    """Decode a whole JPEG, PNG or WebP.

    Parameters
    ----------
    data : the file's bytes.

    Returns
    -------
    Mode RGB, turned upright by its EXIF orientation, longer side at most LONG_SIDE pixels;
    transparency laid over white; 16-bit grey scaled to 8 bits; carries no metadata.

    Raises
    ------
    PictureError
        For anything else; nothing was decoded where the type or the number of pixels is refused.
    """
    if not data:
        raise PictureError("empty_file", "The file is empty.")
    name = kind(data)
    if name is None:
        raise PictureError("unsupported_type", "Send a JPEG, PNG or WebP picture.")
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as image:
            # A phone's JPEG may carry a second picture (MPO); its first one is the photograph.
            if name != "JPEG" and getattr(image, "is_animated", False):
                raise PictureError("animated", "Send a still picture, not an animation.")
            image.draft(None, (LONG_SIDE, LONG_SIDE))  # a JPEG is then decoded at reduced size
            image.load()
            return _upright(_flat(image), _orientation(image))
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        limit = MAX_PIXELS // 1_000_000
        message = f"The picture has more than {limit} million pixels. Send a smaller one."
        raise PictureError("too_many_pixels", message) from error
    except Exception as error:
        # Decoders raise a dozen kinds of error on broken bytes; all of them mean the same to us.
        raise PictureError("damaged_image", "The picture is damaged or incomplete.") from error


def _flat(image: Image.Image) -> Image.Image:
    """RGB at most LONG_SIDE long, without transparency."""
    if image.mode.startswith("I"):
        # Pillow would clip 16-bit grey at 255: a good picture would come out white.
        grey = np.rint(np.asarray(image, dtype=np.float32) / 257).clip(0, 255)
        image = Image.fromarray(grey.astype(np.uint8))
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    return image


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:
        # A broken EXIF block does not make the pixels worse.
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    image.info = {}
    return image
