"""Copies of music files below settings.MUSIC_DIR, named after their content."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.library.formats import SUFFIXES, plain_type
from catalog.library.reading import ReadFile
from catalog.library.refusals import Refused
from catalog.library.scan import Entry
from catalog.models import AudioFile

#: Bytes copied at a time, and between two calls of `pulse`.
CHUNK, PULSE = 1024 * 1024, 64 * 1024 * 1024


def copy_name(file: ReadFile, owner_id: int | None) -> str:
    """Path below the music folder; an owner's files are apart from everybody's."""
    whose = "all" if owner_id is None else _folder_of(owner_id)
    suffix = SUFFIXES[plain_type(file.content_type)]
    return f"{whose}/{file.digest[:2]}/{file.digest}{suffix}"


def copy_make(
    *, entry: Entry, file: ReadFile, name: str, pulse: Callable[[], None] = lambda: None
) -> None:
    """Copy a file that was read to `name`; nothing is done where it is already.

    Written to a temporary name, flushed to the disk, then renamed, so that a copy is whole or not
    there. `pulse` is called now and then.

    Raises
    ------
    Refused
        changed: it is no longer what was read; not_copied: reading or writing failed.
    """
    target = Path(settings.MUSIC_DIR) / name
    try:
        if target.stat().st_size == file.size:
            return
    except OSError:
        pass  # not there, which is what a copy is for
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    except OSError as error:
        raise _not_copied(error) from error
    try:
        with os.fdopen(handle, "wb") as copy:
            # Held while it is written, so that what a killed import left can be told from it.
            fcntl.flock(copy, fcntl.LOCK_EX)
            if _copied(entry.path, copy, pulse) != file.digest:
                raise Refused("changed", _("It changed while it was copied; import it again."))
            copy.flush()
            os.fsync(copy.fileno())
            Path(temporary).replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _not_copied(error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def copies_tidy() -> int:
    """Remove parts of copies that nobody writes any more; returns how many."""
    removed = 0
    for part in Path(settings.MUSIC_DIR).glob("*/*/.*.part"):
        try:
            with part.open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink(missing_ok=True)
        except OSError:
            continue  # somebody is writing it, or has just finished
        removed += 1
    return removed


def copy_drop(*, path: str) -> None:
    """Remove a copy that no row names any more; call after the commit."""
    if not AudioFile.objects.filter(path=path, copied=True).exists():
        (Path(settings.MUSIC_DIR) / path).unlink(missing_ok=True)


def copies_folder_drop(*, owner_id: int) -> None:
    """Remove an owner's folder, which names them, as far as nothing is in it; after the commit."""
    folder = Path(settings.MUSIC_DIR) / _folder_of(owner_id)
    for empty in (*folder.glob("*"), folder):
        with suppress(OSError):
            empty.rmdir()


def _folder_of(owner_id: int) -> str:
    return f"of-{owner_id}"


def _copied(path: str, copy: BinaryIO, pulse: Callable[[], None]) -> str:
    """Write the file at `path` to `copy`; the digest of what was written."""
    digest, since = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
            since += len(chunk)
            if since >= PULSE:
                since = 0
                pulse()
    return digest.hexdigest()


def _not_copied(error: OSError) -> Refused:
    return Refused(
        "not_copied", _("It could not be copied: %(reason)s.") % {"reason": error.strerror}
    )
