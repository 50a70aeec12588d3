"""Pictures in which a face detector must find nothing.

Public-domain pictures inside scikit-image (a development requirement) and crops of them, plus
noise, gradients, clouds and plain surfaces. None shows a person.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ml.faces.images import Image

PHOTOGRAPHS = ("chelsea", "coffee", "rocket")  # a cat, a cup, a launch
TEXTURES = (
    "brick",
    "grass",
    "gravel",
    "coins",
    "hubble_deep_field",
    "moon",
    "page",
    "clock",
    "text",
    "cell",
    "retina",
    "immunohistochemistry",
    "horse",
    "binary_blobs",
    "checkerboard",
    "colorwheel",
    "microaneurysms",
    "shepp_logan_phantom",
)


def nonfaces(*, crops: int = 60, generated: int = 40, seed: int = 0) -> Iterator[tuple[str, Image]]:
    """(name, RGB image) of every photograph and texture, then crops, then generated pictures.

    Parameters
    ----------
    crops : int
        Random square crops, a third of the short side or more, enlarged or shrunk to 480 px.
    generated : int
        640x480 pictures, in turn noise, gradient, clouds and a plain surface.
    seed : int
        Of the random choices.
    """
    import cv2

    random = np.random.default_rng(seed)
    pictures = [(name, _picture(name)) for name in PHOTOGRAPHS + TEXTURES]
    yield from pictures
    for number in range(crops):
        name, image = pictures[number % len(pictures)]
        short = min(image.shape[:2])
        side = int(random.integers(short // 3, short))
        top = int(random.integers(0, image.shape[0] - side + 1))
        left = int(random.integers(0, image.shape[1] - side + 1))
        method = cv2.INTER_AREA if side > 480 else cv2.INTER_LINEAR
        crop = image[top : top + side, left : left + side]
        yield f"{name} crop {number}", cv2.resize(crop, (480, 480), interpolation=method)
    for number in range(generated):
        yield f"generated {number}", _generated(number, random)


def _picture(name: str) -> Image:
    import skimage.data

    image: np.ndarray = np.asarray(getattr(skimage.data, name)())
    if image.dtype != np.uint8:
        image = (image.astype(np.float64) * (255 / float(image.max()))).astype(np.uint8)
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    return np.ascontiguousarray(image)


def _generated(number: int, random: np.random.Generator) -> Image:
    import cv2

    kind = number % 4
    if kind == 1:
        darkest, lightest = random.integers(0, 128), random.integers(128, 256)
        row = np.linspace(darkest, lightest, 640).astype(np.uint8)
        return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (480, 640, 3)))
    if kind == 3:
        return np.full((480, 640, 3), random.integers(0, 256), dtype=np.uint8)
    noise = random.integers(0, 256, (480, 640, 3), dtype=np.uint8)
    if kind == 0:
        return noise
    clouds = cv2.GaussianBlur(noise, (0, 0), float(random.uniform(2, 30)))
    low, high = int(clouds.min()), int(clouds.max())
    return ((clouds.astype(np.float32) - low) * (255 / max(high - low, 1))).astype(np.uint8)
