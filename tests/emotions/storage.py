"""A storage of frames that belongs to one test."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def private_frames(settings: Any, folder: Path) -> Path:
    """Point the storage "frames" at `folder`, with the permissions the product gives it."""
    options = {**settings.STORAGES["frames"]["OPTIONS"], "location": folder}
    frames = {**settings.STORAGES["frames"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "frames": frames}
    return folder


def files_in(folder: Path) -> list[str]:
    """Names of all files below `folder`, folders included."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
