"""One image to one readable face, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ml.faces.alignment import align
from ml.faces.face import Face
from ml.faces.finding import Detector, comparable, find
from ml.faces.images import Image, checked, shrunk, to_grey
from ml.faces.quality import MIN_BRIGHTNESS, Quality, judge

Reason = Literal["no_face", "too_dark", "too_small", "blurred", "covered"]


@dataclass(frozen=True)
class Located:
    """What one image holds.

    Attributes
    ----------
    crop : numpy.ndarray or None
        (48, 48) uint8 grey, aligned; given exactly when `reason` is None.
    face : Face or None
        The face read or refused; None when none was found.
    quality : Quality or None
        Its measurements; None when no face was found.
    n_faces : int
        Faces of comparable size (at least a quarter of the largest one's area). More than 1
        means that the choice of `face` may not be what the listener meant.
    reason : str or None
        "no_face", "too_dark", "too_small", "blurred" or "covered"; None when `crop` can be
        read.
    """

    crop: Image | None
    face: Face | None
    quality: Quality | None
    n_faces: int
    reason: Reason | None


def locate(image: Any, *, using: Detector | None = None) -> Located:
    """Find the face to read, judge it, and align it.

    Parameters
    ----------
    image : numpy.ndarray
        (h, w, 3) RGB or (h, w) grey, uint8.
    using : Detector, optional
        From `detector(path)`; the Haar detector by default.

    Raises
    ------
    ValueError
        When the image breaks the convention.
    """
    return _located(checked(image), using, frames=1)


def locate_in_mean(images: Sequence[Any], *, using: Detector | None = None) -> Located:
    """`locate` in the mean of several images of one moment, in which their noise is less.

    Parameters
    ----------
    images : at least one array as for `locate`, all of one shape.
    using : as for `locate`.

    Raises
    ------
    ValueError
        When an image breaks the convention, or shapes differ.
    """
    stack = [checked(image) for image in images]
    if len({image.shape for image in stack}) != 1:
        raise ValueError("the images must be of one shape, and at least one")
    total = np.zeros(stack[0].shape, np.float32)
    for image in stack:
        total += image
    mean = np.rint(total / len(stack)).astype(np.uint8)
    return _located(mean, using, frames=len(stack))


def _located(image: Image, using: Detector | None, frames: int) -> Located:
    faces = find(image, using=using)
    if not faces:
        # "No face" would send the listener looking for the camera; in the dark they need a lamp.
        frame, _ = shrunk(image)
        dark = float(to_grey(frame).mean()) < MIN_BRIGHTNESS
        return Located(None, None, None, 0, "too_dark" if dark else "no_face")
    face = faces[0]
    quality = judge(image, face, frames=frames)
    crop = None if quality.reason else align(image, face)
    return Located(crop, face, quality, comparable(faces), quality.reason)
