"""How well the detectors and the quality limits do on a folder of photographs."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ml.faces import covers
from ml.faces.alignment import shares_of
from ml.faces.finding import Detector, find
from ml.faces.images import Image, to_bgr
from ml.faces.locating import locate
from ml.faces.nonfaces import nonfaces

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
SEED = 20261121
_COVERS = {"eyes": covers.over_eyes, "mouth": covers.over_mouth, "beside": covers.beside}


def evaluate(photos: Path, using: Detector) -> dict[str, Any]:
    """Measure a detector on photographs that each show at least one face, and on `nonfaces`.

    Parameters
    ----------
    photos : Path
        Folder; every picture file in it is taken.
    using : Detector
        From `detector(path)`.

    Returns
    -------
    dict
        detector; photos (number); found, read (shares 0..1 of the photographs); refused (reason
        to number); several_faces (number of photographs); refused_of_found (share 0..1);
        covered (what a cover painted over "eyes" or "mouth" of a readable face comes to, and one
        "beside" them: outcome to number); ms_median, ms_p95 (whole path of one photograph,
        decoding left out); missed (file names); nonfaces (number, 0 where scikit-image is
        absent); false_faces (names).

    Raises
    ------
    ValueError
        When the folder holds no picture.
    """
    files = sorted(path for path in photos.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES)
    if not files:
        raise ValueError(f"no pictures ({', '.join(sorted(PHOTO_SUFFIXES))}) in {photos}")
    times_ms: list[float] = []
    refused: Counter[str] = Counter()
    missed: list[str] = []
    several = 0
    covered: dict[str, Counter[str]] = {place: Counter() for place in _COVERS}
    random = np.random.default_rng(SEED)
    for path in files:
        image = _decoded(path)
        started = time.perf_counter()
        located = locate(image, using=using)
        times_ms.append((time.perf_counter() - started) * 1000)
        several += located.n_faces > 1
        if located.reason is not None:
            refused[located.reason] += 1
        if located.face is not None and located.crop is not None:
            for place, choose in _COVERS.items():
                painted = covers.paint(image, shares_of(located.face), *choose(random), random)
                covered[place][locate(painted, using=using).reason or "read"] += 1
        if located.face is None:
            missed.append(path.name)
    found = len(files) - len(missed)
    poor = sum(refused.values()) - len(missed)
    empty, false_faces = _false_faces(using)
    return {
        "detector": using.name,
        "photos": len(files),
        "found": round(found / len(files), 4),
        "read": round((found - poor) / len(files), 4),
        "refused": dict(sorted(refused.items())),
        "refused_of_found": round(poor / max(found, 1), 4),
        "several_faces": several,
        "covered": {place: dict(sorted(count.items())) for place, count in covered.items()},
        "ms_median": round(float(np.median(times_ms)), 1),
        "ms_p95": round(float(np.percentile(times_ms, 95)), 1),
        "missed": missed,
        "nonfaces": empty,
        "false_faces": false_faces,
    }


def _decoded(path: Path) -> Image:
    # For measurements on files of one's own; uploads pass through a stricter door.
    import cv2

    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{path} is no picture that OpenCV can read")
    return to_bgr(image)  # swapping the first and third channel works both ways


def _false_faces(using: Detector) -> tuple[int, list[str]]:
    try:
        pictures = list(nonfaces())
    except ImportError:
        return 0, []
    return len(pictures), [name for name, image in pictures if find(image, using=using)]
