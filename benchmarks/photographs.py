"""Whole photographs with an expression label, at a given frame size."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

#: The research data's folder when MOODMUSIC_DATA names none.
BESIDE = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Photograph:
    """A picture file and the emotion people gave it."""

    path: Path
    label: str


def photographs() -> list[Photograph]:
    """The labelled photographs of the research data; empty where it is absent."""
    folder = Path(os.environ.get("MOODMUSIC_DATA") or BESIDE) / "faces" / "photos"
    if not (folder / "labels.csv").is_file():
        return []
    with (folder / "labels.csv").open(newline="") as handle:
        return [Photograph(folder / row["file"], row["label"]) for row in csv.DictReader(handle)]


def framed(found: list[Photograph], size: tuple[int, int], folder: Path) -> list[Photograph]:
    """Copies that fit a frame of `size` (width, height), their last pixels repeated around them,
    as JPEG files in `folder`.
    """
    width, height = size
    made = []
    for index, photograph in enumerate(found):
        with Image.open(photograph.path) as opened:
            picture = opened.convert("RGB")
        scale = min(width / picture.width, height / picture.height)
        inner = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        pixels = np.asarray(picture.resize(inner, Image.Resampling.BICUBIC))
        left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
        whole = np.pad(
            pixels,
            ((top, height - inner[1] - top), (left, width - inner[0] - left), (0, 0)),
            mode="edge",
        )
        path = folder / f"{index:03d}.jpg"
        Image.fromarray(whole).save(path, quality=95)
        made.append(Photograph(path, photograph.label))
    return made
