"""The frames of a capture, on disk for the seconds between sending and reading.

The only place where a face is ever stored: storage "frames", `<capture id>/<n>.jpg`, never
served, never backed up, deleted when the capture ends however it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages


def store() -> Storage:
    """The storage of frames (settings.STORAGES)."""
    return storages["frames"]


def frames_write(capture_id: UUID, frames: list[bytes]) -> None:
    """Store the frames of a capture in order; after an error some may be there.

    Raises
    ------
    OSError
        When the storage cannot be written.
    """
    for number, frame in enumerate(frames):
        store().save(f"{capture_id}/{number}.jpg", ContentFile(frame))


def frames_load(capture_id: UUID, count: int) -> list[bytes]:
    """The first `count` frames of a capture, in order.

    Raises
    ------
    OSError
        When one is missing or cannot be read.
    """
    frames = []
    for number in range(count):
        with store().open(f"{capture_id}/{number}.jpg") as handle:
            frames.append(handle.read())
    return frames


def frames_delete(folder: UUID | str) -> None:
    """Delete whatever is stored under a capture's id; nothing there is no error."""
    for name in _names(str(folder)):
        store().delete(name)
    # A folder of its own exists on a disk only; on S3 this deletes nothing.
    store().delete(str(folder))


def frames_left() -> Iterator[tuple[str, datetime]]:
    """Every folder that holds a file, with the time its newest file was written."""
    try:
        folders, _ = store().listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        times = []
        for name in _names(folder):
            try:
                times.append(store().get_modified_time(name))
            except FileNotFoundError:
                continue  # a worker has just deleted it
        if times:
            yield folder, max(times)


def _names(folder: str) -> list[str]:
    try:
        _, names = store().listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [f"{folder}/{name}" for name in names]
