"""The one image convention of this package, and the small changes of form it needs.

An image is a C-ordered uint8 array: (h, w, 3) in RGB order, or (h, w) grey. Files are decoded
elsewhere, once; OpenCV's BGR order never leaves the module that calls a detector.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# OpenCV's stubs know no dtypes, so uint8 is asserted by `checked` and not by the type.
Image = npt.NDArray[Any]

# Faces are looked for in frames no larger than this: YuNet is trained for faces of about 10-300
# px, and both detectors' time grows with the area.
DETECTION_SIDE_PX = 640


def checked(image: Any) -> Image:
    """The same image, if it keeps the convention.

    Raises
    ------
    ValueError
        When it is no uint8 array of shape (h, w) or (h, w, 3) with h and w of at least 1.
    """
    if not isinstance(image, np.ndarray):
        raise ValueError(f"an image must be a numpy array, got {type(image).__name__}")
    if image.dtype != np.uint8:
        raise ValueError(f"an image must be uint8 (0..255), got {image.dtype}")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError(f"an image must be (h, w) grey or (h, w, 3) RGB, got shape {image.shape}")
    if 0 in image.shape:
        raise ValueError(f"an image must have at least one pixel, got shape {image.shape}")
    return np.ascontiguousarray(image)


def to_grey(image: Image) -> Image:
    """Grey image (h, w): .299 R + .587 G + .114 B (ITU-R BT.601, as OpenCV weighs them)."""
    import cv2

    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def to_bgr(image: Image) -> Image:
    """Copy in the order that OpenCV's networks expect."""
    import cv2

    code = cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR
    return cv2.cvtColor(image, code)


def scaled(image: Image, scale: float) -> Image:
    """Image resized by one factor on both sides (each side stays at least 1 px)."""
    import cv2

    if scale == 1:
        return image
    height, width = image.shape[:2]
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    # INTER_AREA averages what it drops; the others alias when shrinking.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, size, interpolation=method)


def shrunk(image: Image, side_px: int = DETECTION_SIDE_PX) -> tuple[Image, float]:
    """Image with its long side at most `side_px`, and the factor (0..1) it was scaled by."""
    scale = min(1.0, side_px / max(image.shape[:2]))
    return scaled(image, scale), scale


def brightened(image: Image) -> Image:
    """Half-size grey image with noise smoothed and contrast levelled, for faces in poor light.

    The blur comes first because a detector network stumbles over amplified noise. The contrast
    is levelled (CLAHE) in 16 bits, since a face at 3 % light spans four 8-bit grey levels, and
    levelling after rounding would only amplify the rounding.
    """
    import cv2

    small = scaled(to_grey(image), 0.5).astype(np.float32)
    smooth = cv2.GaussianBlur(small, (0, 0), 1.5)
    deep = (smooth * 257).astype(np.uint16)
    levelled = cv2.createCLAHE(clipLimit=8.0, tileGridSize=(4, 4)).apply(deep)
    return (levelled // 257).astype(np.uint8)
