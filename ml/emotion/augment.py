"""Random variation of training crops: framing, tilt, exposure, resolution, blur, noise, patches."""

from __future__ import annotations

import numpy as np


def augment(crops: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Varied copies of `crops`, resized to `size` pixels a side.

    Parameters
    ----------
    crops : (n, 48, 48) uint8.
    size : side of the result, pixels.
    rng : source of all randomness; the same state gives the same result.

    Returns
    -------
    (n, size, size) uint8.
    """
    import cv2

    side = crops.shape[1]
    out = np.empty((len(crops), size, size), np.uint8)
    for index, crop in enumerate(crops):
        angle = np.deg2rad(rng.uniform(-15, 15))
        scale = rng.uniform(0.88, 1.16) * size / side
        mirror = -1.0 if rng.random() < 0.5 else 1.0
        cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
        linear = np.array([[cos * mirror, -sin], [sin * mirror, cos]])
        centre = np.full(2, (side - 1) / 2)
        shift = (size - 1) / 2 + rng.uniform(-0.07, 0.07, 2) * size - linear @ centre
        image = cv2.warpAffine(
            crop,
            np.column_stack([linear, shift]),
            (size, size),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        if rng.random() < 0.5:
            gamma = np.exp(rng.uniform(-1.2, 1.2))
            table = np.round(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
            image = table[image]
        if rng.random() < 0.12:
            # A small face in the frame: few pixels, drawn large again.
            few = int(rng.uniform(0.3, 0.7) * size)
            image = cv2.resize(image, (few, few), interpolation=cv2.INTER_AREA)
            image = cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)
        if rng.random() < 0.12:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.1) * size / side)
        if rng.random() < 0.12:
            noise = rng.normal(0, rng.uniform(2, 12), image.shape)
            image = np.clip(image + noise, 0, 255).astype(np.uint8)
        if rng.random() < 0.3:
            height, width = (rng.uniform(0.12, 0.38, 2) * size).astype(int)
            top, left = rng.integers(0, size - height), rng.integers(0, size - width)
            image[top : top + height, left : left + width] = rng.integers(0, 256)
        out[index] = image
    return out
