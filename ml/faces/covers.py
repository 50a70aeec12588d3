"""Painted covers: dark glasses, masks, scarves, hands, things held before a face.

There is no public set of covered faces to learn from, so faces are covered by painting. Places
are given as shares of the aligned crop (eyes at .386 of its height, the mouth at .763), so the
same cover goes on a 48 px crop and, through `ml.faces.alignment.crop_map`, on a photograph.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.faces.alignment import EYE_DISTANCE, EYES_MIDDLE_Y
from ml.faces.images import Image

Polygon = np.ndarray  # (n, 2) x, y in shares of the crop
#: Makes the (h, w) or (h, w, 3) float32 grey levels or colours of a cover, for a whole image.
Filling = Callable[[Image, np.ndarray, np.random.Generator], np.ndarray]

_SUBPIXEL_BITS = 4
MOUTH_Y = EYES_MIDDLE_Y + EYE_DISTANCE
_EYES_X = (0.5 - EYE_DISTANCE / 2, 0.5 + EYE_DISTANCE / 2)


def paint(
    image: Image,
    to_image: np.ndarray,
    polygons: list[Polygon],
    filling: Filling,
    random: np.random.Generator,
) -> Image:
    """Copy of `image` with filled polygons over the face.

    Parameters
    ----------
    image : (h, w) or (h, w, 3) uint8.
    to_image : (2, 3) affine map from shares of the crop to image pixels.
    polygons : in shares of the crop.
    filling : what they are filled with.
    random : source of all choices.
    """
    import cv2

    side = float(np.hypot(*to_image[:, 0]))
    painted = filling(image, to_image, random)
    depth = random.uniform(0, 0.6)  # how much darker an edge is: round things turn away there
    result = image.astype(np.float32)
    for polygon in polygons:
        corners = np.hstack([polygon, np.ones((len(polygon), 1))]) @ to_image.T
        points = np.rint(corners * 2**_SUBPIXEL_BITS).astype(np.int32)
        inside = np.zeros(image.shape[:2], np.float32)
        cv2.fillPoly(inside, [points], 1.0, cv2.LINE_8, _SUBPIXEL_BITS)
        share = cv2.GaussianBlur(inside, (0, 0), max(side * 0.006, 0.4))
        shade = 1 - depth * (1 - cv2.GaussianBlur(inside, (0, 0), max(side * 0.02, 0.5)))
        if image.ndim == 3:
            share, shade = share[:, :, None], shade[:, :, None]
        result = result * (1 - share) + painted * shade * share
    return np.rint(result).clip(0, 255).astype(np.uint8)


def over_eyes(random: np.random.Generator) -> tuple[list[Polygon], Filling]:
    """One of the covers of both eyes."""
    kind = random.choice(["glasses", "bar", "hand", "thing"])
    if kind == "glasses":
        return glasses(random), dark
    if kind == "hand":
        return fingers(EYES_MIDDLE_Y, random.uniform(-0.3, 0.3), random), skin
    middle = EYES_MIDDLE_Y + random.uniform(-0.03, 0.04)
    half = random.uniform(0.09, 0.2)
    bar = _box(random.uniform(-0.1, 0.14), middle - half, random.uniform(0.86, 1.1), middle + half)
    return [_turned(bar, random)], plain if kind == "bar" else cloth


def over_mouth(random: np.random.Generator) -> tuple[list[Polygon], Filling]:
    """One of the covers of the mouth, and mostly of the nose."""
    kind = random.choice(["mask", "scarf", "hand", "thing"])
    if kind == "mask":
        return [mask(random)], plain
    if kind == "hand":
        return fingers(MOUTH_Y, random.uniform(-1.6, 1.6), random), skin
    if kind == "scarf":
        top = random.uniform(0.52, 0.66)
        return [_turned(_box(-0.2, top, 1.2, 1.3), random)], cloth
    half_x, half_y = random.uniform(0.18, 0.36), random.uniform(0.12, 0.22)
    x, y = 0.5 + random.uniform(-0.05, 0.05), MOUTH_Y + random.uniform(-0.03, 0.05)
    thing = _box(x - half_x, y - half_y, x + half_x, y + half_y)
    return [_turned(thing, random)], plain if random.random() < 0.5 else cloth


def beside(random: np.random.Generator) -> tuple[list[Polygon], Filling]:
    """Something that covers neither eyes nor mouth: hair, a hat, a collar, an edge of the frame,
    a beard's or a moustache's darkness, the thin frame of ordinary glasses.
    """
    kind = random.choice(["fringe", "side", "collar", "frames", "moustache"])
    filling = random.choice(np.array([plain, cloth, dark], dtype=object))
    if kind == "fringe":
        return [_turned(_box(-0.2, -0.2, 1.2, random.uniform(0.08, 0.24)), random)], filling
    if kind == "side":
        edge = random.uniform(0.04, 0.14)
        left = random.random() < 0.5
        return [_box(-0.2, -0.2, edge, 1.2) if left else _box(1 - edge, -0.2, 1.2, 1.2)], filling
    if kind == "collar":
        return [_turned(_box(-0.2, random.uniform(0.92, 1.0), 1.2, 1.3), random)], filling
    if kind == "moustache":
        top = MOUTH_Y - random.uniform(0.07, 0.1)
        bottom = MOUTH_Y - random.uniform(0.02, 0.04)
        return [_box(0.5 - random.uniform(0.1, 0.17), top, 0.5 + 0.14, bottom)], dark
    thick = random.uniform(0.012, 0.03)
    return _rings(glasses(random)[:2], thick), dark


def glasses(random: np.random.Generator) -> list[Polygon]:
    """Two lenses, then the bridge between them."""
    half_x, half_y = random.uniform(0.13, 0.19), random.uniform(0.085, 0.15)
    drop = random.uniform(-0.02, 0.05)
    power = random.uniform(2, 5)  # 2 is an ellipse, more is squarer
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    cos, sin = np.cos(angle), np.sin(angle)
    round_x = np.sign(cos) * np.abs(cos) ** (2 / power) * half_x
    round_y = np.sign(sin) * np.abs(sin) ** (2 / power) * half_y
    lenses = [np.column_stack([x + round_x, EYES_MIDDLE_Y + drop + round_y]) for x in _EYES_X]
    y = EYES_MIDDLE_Y + drop - half_y * random.uniform(0.1, 0.6)
    return [*lenses, _box(_EYES_X[0], y - 0.015, _EYES_X[1], y + 0.015)]


def mask(random: np.random.Generator) -> Polygon:
    """A mask from the bridge of the nose, or its tip, down to the chin."""
    top, side = random.uniform(0.5, 0.64), random.uniform(0.34, 0.46)
    shoulder, chin = top + random.uniform(0.02, 0.12), random.uniform(0.93, 1.06)
    return np.array(
        [
            (0.5, top),
            (0.5 + side * 0.45, top + 0.02),
            (0.5 + side, shoulder),
            (0.5 + side * 0.85, chin - 0.12),
            (0.5 + side * 0.4, chin),
            (0.5 - side * 0.4, chin),
            (0.5 - side * 0.85, chin - 0.12),
            (0.5 - side, shoulder),
            (0.5 - side * 0.45, top + 0.02),
        ]
    )


def fingers(y: float, angle: float, random: np.random.Generator) -> list[Polygon]:
    """Three or four fingers side by side across the face at height `y`; `angle` in radians."""
    count, width = int(random.integers(3, 5)), random.uniform(0.085, 0.12)
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    middle = np.array([0.5 + random.uniform(-0.05, 0.05), y + random.uniform(-0.02, 0.03)])
    end = random.choice([-1.0, 1.0])
    shapes = []
    for number in range(count):
        centre = middle + across * width * 0.96 * (number - (count - 1) / 2)
        reach = random.uniform(0.3, 0.48)
        start, tip = centre - along * end * 0.9, centre + along * end * reach
        half = across * width / 2
        turn = np.linspace(-np.pi / 2, np.pi / 2, 7)
        cap = (
            tip
            + np.cos(turn)[:, None] * along * end * width / 2
            - np.sin(turn)[:, None] * half * end
        )
        shapes.append(np.vstack([start + half * end, cap, start - half * end]))
    return shapes


def plain(image: Image, to_image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One colour, shaded from one side, sometimes in folds."""
    shade = 1 + random.uniform(-0.25, 0.25) * _across(image, to_image, random)
    if random.random() < 0.4:
        lines = random.uniform(3, 9) * np.pi * _down(image, to_image)
        shade *= 1 + random.uniform(0.03, 0.12) * np.sin(lines)
    return _coloured(image, random.uniform(15, 245), shade, random)


def dark(image: Image, to_image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Nearly black, with a weak reflection."""
    shade = 1 + random.uniform(0, 0.5) * _across(image, to_image, random)
    return _coloured(image, random.uniform(4, 55), shade, random)


def cloth(image: Image, to_image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Stripes, checks or a soft pattern."""
    import cv2

    across = _across(image, to_image, random)
    stripes = np.sin(across * random.uniform(4, 25) + random.uniform(0, 6))
    kind = random.integers(3)
    if kind == 1:
        stripes *= np.sin(_across(image, to_image, random) * random.uniform(4, 25))
    if kind == 2:
        side = max(float(np.hypot(*to_image[:, 0])), 4.0)
        noise = random.normal(0, 1, image.shape[:2]).astype(np.float32)
        soft = cv2.GaussianBlur(noise, (0, 0), side * random.uniform(0.01, 0.06))
        stripes = soft / max(float(soft.std()), 1e-6)
    shade = 1 + random.uniform(0.1, 0.5) * stripes
    return _coloured(image, random.uniform(30, 220), shade, random)


def skin(image: Image, to_image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The face's own colour on cheeks and forehead, shaded from one side."""
    patch = np.array([(0.3, 0.55), (0.7, 0.55), (0.5, 0.2)])
    points = np.rint(np.hstack([patch, np.ones((3, 1))]) @ to_image.T).astype(int)
    height, width = image.shape[:2]
    tones = [
        image[min(max(y, 0), height - 1), min(max(x, 0), width - 1)].astype(np.float32)
        for x, y in points
    ]
    tone = np.median(tones, axis=0) * random.uniform(0.75, 1.25)
    shade = 1 + random.uniform(-0.25, 0.25) * _across(image, to_image, random)
    painted = shade[:, :, None] * tone if image.ndim == 3 else shade * float(np.mean(tone))
    grain = random.normal(0, random.uniform(0, 4), painted.shape)
    return np.asarray(painted + grain, np.float32)


def _coloured(
    image: Image, level: float, shade: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    grain = random.normal(0, random.uniform(0, 5), shade.shape)
    grey = np.asarray(level * shade + grain, np.float32)
    if image.ndim == 2:
        return grey
    return np.asarray(grey[:, :, None] * random.uniform(0.8, 1.2, 3), np.float32)


def _across(image: Image, to_image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Distance from the crop's middle along a direction by chance, 1 at the crop's side."""
    angle = random.uniform(0, 2 * np.pi)
    x, y = _shares(image, to_image)
    return np.asarray(2 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)))


def _down(image: Image, to_image: np.ndarray) -> np.ndarray:
    return _shares(image, to_image)[1]


def _shares(image: Image, to_image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pixel's place in shares of the crop: x and y, both (h, w)."""
    back = np.linalg.inv(np.vstack([to_image, [0, 0, 1]]))
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    return (
        back[0, 0] * x + back[0, 1] * y + back[0, 2],
        back[1, 0] * x + back[1, 1] * y + back[1, 2],
    )


def _box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _turned(polygon: Polygon, random: np.random.Generator) -> Polygon:
    angle = random.uniform(-0.2, 0.2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array([0.5, polygon[:, 1].clip(0, 1).mean()])
    return np.asarray((polygon - middle) @ turn + middle)


def _rings(lenses: list[Polygon], thick: float) -> list[Polygon]:
    """Each lens's rim, as quadrilaterals."""
    rims = []
    for lens in lenses:
        inner = lens + (lens.mean(axis=0) - lens) * min(thick / 0.1, 0.9)
        for one in range(len(lens)):
            other = (one + 1) % len(lens)
            rims.append(np.array([lens[one], lens[other], inner[other], inner[one]]))
    return rims
