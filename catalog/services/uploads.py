"""Tables that curators send: kept until their import has long ended."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path, PurePath

from django.conf import settings

#: Seconds that a table is kept after it was sent, so that a dry run can be followed by a real one.
KEPT_S = 7 * 86_400
SUFFIXES = {".csv", ".tsv", ".txt", ".json", ".jspf", ".xspf", ".m3u", ".m3u8", ".gz"}


def uploads_folder() -> Path:
    """Where sent tables lie."""
    return Path(settings.DATA_DIR) / "imports"


def table_store(*, chunks: Iterable[bytes], name: str) -> Path:
    """Keep a sent table under a name of ours; only the kind that its own name says is kept of it.

    Tables that were sent long ago are deleted on the way.
    """
    folder = uploads_folder()
    folder.mkdir(parents=True, exist_ok=True)
    uploads_clear()
    kinds = [one for one in PurePath(name.lower()).suffixes[-2:] if one in SUFFIXES]
    path = folder / f"{secrets.token_hex(16)}{''.join(kinds)}"
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def uploads_clear() -> int:
    """Delete tables that were sent long ago; returns how many."""
    removed = 0
    for path in uploads_folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_S:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
