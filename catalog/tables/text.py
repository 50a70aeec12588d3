"""Opening a file of unknown make: plain or gzip, its encoding found, its size bounded."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.tables.rows import Trouble
from moodmusic.problems import DomainError

#: Bytes of a file once unpacked; a table of a million songs takes about half of it.
MAX_BYTES = 512 * 1024 * 1024
#: Bytes of a file that has to be held whole (JSON), which takes several times as much memory.
MAX_WHOLE_BYTES = 192 * 1024 * 1024
#: Characters of a line; longer ones are given in pieces, which no reader takes for a row.
MAX_LINE = 1024 * 1024
_CHUNK = 1024 * 1024
_HEAD = 64 * 1024
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Text:
    """A file that has been read through once.

    Attributes
    ----------
    encoding : of its characters; what does not fit becomes U+FFFD
    size : bytes, unpacked
    lines : number of line ends
    head : its first characters, enough to tell what it is
    notes : what people should know
    """

    path: Path
    encoding: str
    size: int
    lines: int
    head: str
    notes: tuple[Trouble, ...]

    def read_lines(self) -> Iterator[str]:
        """Its lines with their ends, each of at most `MAX_LINE` characters."""
        with (
            _unpacked(self.path) as raw,
            io.TextIOWrapper(raw, self.encoding, errors="replace") as text,
        ):
            while line := text.readline(MAX_LINE):
                yield line

    def read_bytes(self) -> Iterator[bytes]:
        """Its content in pieces, unpacked."""
        with _unpacked(self.path) as raw:
            while chunk := raw.read(_CHUNK):
                yield chunk

    def read_whole(self) -> str:
        """All of it; raises DomainError (too_large) beyond `MAX_WHOLE_BYTES`."""
        if self.size > MAX_WHOLE_BYTES:
            raise _too_large(MAX_WHOLE_BYTES)
        return "".join(self.read_lines())


def text_open(path: Path) -> Text:
    """Read a file through once, to know its size, encoding and lines.

    Raises
    ------
    DomainError
        file_missing, too_large, broken_archive, not_text.
    """
    size = lines = bad = good = 0
    head = b""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    try:
        with _unpacked(path) as raw:
            while chunk := raw.read(_CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise _too_large(MAX_BYTES)
                lines += chunk.count(b"\n")
                head = head or chunk[:_HEAD]
                text = decode(chunk)
                if not text.isascii():
                    bad += text.count("\ufffd")
                    good += len(_NOT_ASCII.findall(text))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        words = _("The file cannot be unpacked: %(reason)s.") % {"reason": error}
        raise DomainError("broken_archive", words) from error
    except OSError as error:
        reason = error.strerror or str(error)
        words = _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}
        raise DomainError("file_missing", words) from error
    encoding, notes = _encoding(head, bad, good)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if encoding != "utf-16" and text.count("\0") > len(text) // 10:
        words = _("%(name)s is no text: it is full of NUL characters.") % {"name": path.name}
        raise DomainError("not_text", words)
    return Text(path, encoding, size, lines, text, notes)


def _encoding(head: bytes, bad: int, good: int) -> tuple[str, tuple[Trouble, ...]]:
    """The encoding, from the first bytes and how many characters were no UTF-8 and were."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    if not bad:
        return "utf-8-sig", ()
    if good > bad:
        words = ngettext(
            "%(number)d character is damaged (not UTF-8) and is read as �.",
            "%(number)d characters are damaged (not UTF-8) and are read as �.",
            bad,
        ) % {"number": bad}
        return "utf-8-sig", (Trouble("damaged_characters", words),)
    # What calls itself Latin-1 is as a rule Windows-1252, which has letters where it has controls.
    words = _("The file is not UTF-8; it is read as Windows-1252, which contains Latin-1.")
    return "cp1252", (Trouble("not_utf8", words),)


def _unpacked(path: Path) -> IO[bytes]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _too_large(limit: int) -> DomainError:
    return DomainError(
        "too_large",
        _("The file holds more than %(limit)d MiB, unpacked.") % {"limit": limit // 1024 // 1024},
    )
