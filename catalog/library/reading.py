"""Reading one audio file whole: content, tags and cover; and a process that does so for others.

Files come from anywhere, so they are parsed in a process of their own (`python -m
catalog.library.reading`), which may take only so much memory and time and can be ended. It reads
a request a line, `{"path": ..., "covers": folder or null}`, and answers each by a line, with
`{"file": {...}}` or `{"refused": [code, detail]}`; it ends with its input.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import stat
import sys
from collections import OrderedDict
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

from catalog.library.covers import cover_beside, cover_keep, cover_made
from catalog.library.formats import HEAD, type_of
from catalog.library.refusals import Refused
from catalog.library.tags import Said, tags_read

#: Bytes; more is no song. Two hours in studio quality take 4 GB.
LARGEST = 8 * 1024**3
#: Bytes of memory that reading may take.
MEMORY = 1024**3
#: Pictures remembered, because the songs of an album have the same.
REMEMBERED = 16


@dataclass(slots=True, kw_only=True)
class ReadFile(Said):
    """An audio file as it was read; `cover` is the kept picture's name or ""."""

    digest: str
    size: int
    modified_ns: int
    cover: str
    notes: tuple[tuple[str, str], ...]


class CoverMemory:
    """Names of covers kept lately, by the picture they were made of."""

    def __init__(self) -> None:
        self._names: OrderedDict[bytes, str | Refused] = OrderedDict()

    def name_of(self, picture: bytes, folder: Path) -> str:
        """The name under which the cover made of a picture is kept; raises Refused."""
        key = hashlib.sha256(picture).digest()
        if key not in self._names:
            try:
                self._names[key] = cover_keep(cover_made(picture), folder)
            except Refused as refused:
                self._names[key] = refused
        self._names.move_to_end(key)
        while len(self._names) > REMEMBERED:
            self._names.popitem(last=False)
        known = self._names[key]
        if isinstance(known, Refused):
            raise known
        return known


def file_read(path: str, covers: Path | None, memory: CoverMemory) -> ReadFile:
    """Read a file; its cover is kept in `covers`, or left alone where that is None.

    Raises
    ------
    Refused
        empty, too_large, not_audio, not_a_file, changed, and those of `tags_read`
    OSError
        it cannot be opened or read
    """
    # Neither a link nor a pipe that took the file's place since it was found.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as handle:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("not_a_file", "This is no ordinary file.")
        if status.st_size == 0:
            raise Refused("empty", "The file is empty.")
        if status.st_size > LARGEST:
            raise Refused("too_large", f"It is larger than {LARGEST // 1024**3} GB.")
        if type_of(handle.read(HEAD)) is None:
            raise Refused("not_audio", "Its content is no audio, whatever its name says.")
        tags = tags_read(handle)
        handle.seek(0)
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        after = os.fstat(descriptor)
    if (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
        raise Refused("changed", "It was being written to; import it again when that is done.")
    cover = ""
    if covers is not None:
        try:
            picture = tags.picture or cover_beside(Path(path).parent)
            cover = memory.name_of(picture, covers) if picture else ""
        except Refused as refused:
            tags.notes.append((refused.code, refused.detail))
    said = {one.name: getattr(tags, one.name) for one in fields(Said)}
    return ReadFile(
        digest=digest,
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        cover=cover,
        notes=tuple(tags.notes),
        **said,
    )


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end; nothing that a file does ends it earlier."""
    memory = CoverMemory()
    for line in requests:
        asked = json.loads(line)
        covers = Path(asked["covers"]) if asked["covers"] else None
        answer: dict[str, object]
        try:
            answer = {"file": asdict(file_read(asked["path"], covers, memory))}
        except Refused as refused:
            answer = {"refused": [refused.code, refused.detail]}
        except OSError as error:
            answer = {"refused": ["unreadable", f"It cannot be read: {error.strerror}."]}
        except Exception as error:
            # A parser may trip over anything; the next file is not to blame.
            kind = type(error).__name__
            answer = {"refused": ["damaged", f"It could not be understood ({kind})."]}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)
