"""Finding the audio files of a folder. Nothing outside the folder is ever looked at."""

from __future__ import annotations

import errno
import os
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from catalog.library.formats import AUDIO, NAMES, OTHER_AUDIO
from catalog.library.names import printable
from catalog.library.refusals import Refused


@dataclass(frozen=True, slots=True)
class Entry:
    """An audio file.

    Attributes
    ----------
    path : absolute; bytes of names that are not UTF-8 as lone surrogates (os.fsdecode)
    place : below the folder, printable
    size, modified_ns : as of now
    """

    path: str
    place: str
    size: int
    modified_ns: int


@dataclass(slots=True)
class Scan:
    """Files in the order of their paths, and (place, why) of what was refused."""

    root: str
    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[str, Refused]] = field(default_factory=list)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def walk(self, *, recursive: bool, entered: Container[str]) -> None:
        folders = [self.root]
        while folders:
            folder = folders.pop()
            for below in self._look(folder):
                name = PurePath(below).name.casefold()
                if recursive or (folder == self.root and name in entered):
                    folders.append(below)
        self.entries.sort(key=lambda entry: os.fsencode(entry.path))
        self.refused.sort(key=lambda one: one[0])

    def _look(self, folder: str) -> list[str]:
        """Take in a folder's files; returns the folders in it."""
        below = []
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in self._seen:
                raise Refused("folder_loop", "This folder contains itself.")
            self._seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as found:
                for one in found:
                    if one.name.startswith("."):
                        continue
                    if one.is_symlink():
                        self._link(one)
                    elif one.is_dir(follow_symlinks=False):
                        below.append(one.path)
                    else:
                        self._file(one)
        except OSError as error:
            self._refuse(folder, "unreadable", f"It cannot be opened: {error.strerror}.")
        except Refused as refused:
            self.refused.append((self._place(folder), refused))
        return below

    def _file(self, one: os.DirEntry[str]) -> None:
        suffix = PurePath(one.name).suffix.casefold()
        if suffix in OTHER_AUDIO:
            self._refuse(one.path, "unsupported", f"Files of this kind are not read: only {NAMES}.")
        if suffix not in AUDIO:
            return
        if not one.is_file(follow_symlinks=False):
            self._refuse(one.path, "not_a_file", "This is no ordinary file.")
            return
        try:
            status = one.stat(follow_symlinks=False)
        except OSError as error:
            self._refuse(one.path, "unreadable", f"It cannot be opened: {error.strerror}.")
            return
        self.entries.append(
            Entry(one.path, self._place(one.path), status.st_size, status.st_mtime_ns)
        )

    def _link(self, one: os.DirEntry[str]) -> None:
        """Links are never followed: what lies in the folder is found at its own place."""
        suffix = PurePath(one.name).suffix.casefold()
        try:
            target = os.path.realpath(one.path, strict=True)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._refuse(one.path, "link_loop", "This link leads back to itself.")
            elif suffix in AUDIO:
                self._refuse(one.path, "link_broken", "This link leads nowhere.")
            return
        if not Path(target).is_dir() and suffix not in AUDIO:
            return
        if not is_below(target, self.root):
            self._refuse(one.path, "outside_folder", "This link leads out of the folder.")
        elif is_below(one.path, target):
            self._refuse(one.path, "link_loop", "This link leads to a folder that it lies in.")

    def _refuse(self, path: str, code: str, detail: str) -> None:
        self.refused.append((self._place(path), Refused(code, detail)))

    def _place(self, path: str) -> str:
        return printable(os.path.relpath(path, self.root))


def is_below(path: str, folder: str) -> bool:
    """Whether a path is the folder or lies in it; both absolute and without links."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def folder_scan(folder: str, *, recursive: bool, entered: Container[str] = ()) -> Scan:
    """The audio files of a folder, and with `recursive` of all below it.

    Hidden files and folders are skipped. Links are not followed: one to a place within the folder
    is skipped, because what it means is found there; one that leads out, in a circle or nowhere is
    refused. `entered` names folders (in lower case) right below that are looked into in any case.

    Raises
    ------
    OSError
        the folder itself cannot be opened.
    """
    scan = Scan(os.path.realpath(folder, strict=True))
    with os.scandir(scan.root):
        pass  # a folder below that cannot be opened is refused, this one is an error
    scan.walk(recursive=recursive, entered=entered)
    return scan
