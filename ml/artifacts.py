"""Model files: written whole or not at all, described by a manifest, verified before use."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any


class ArtifactError(RuntimeError):
    """A model file is missing, damaged or of another format; the message says what to do."""


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that readers see the old one or the whole new one, never a part.

    Raises
    ------
    OSError
        When the folder cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any) -> None:
    """Write `value` as readable JSON, atomically."""
    text = json.dumps(value, indent=1, sort_keys=True) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))


def read_json(path: Path, otherwise: Any) -> Any:
    """The JSON at `path`; `otherwise` where there is none of the same kind."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return otherwise
    return content if isinstance(content, type(otherwise)) else otherwise


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_manifest(path: Path, *, format_version: int) -> dict[str, Any]:
    """The manifest at `path`, after checking its format.

    Raises
    ------
    ArtifactError
        When it is missing, unreadable or of another format version.
    """
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise ArtifactError(
            f"{path} is missing. It belongs to the installation: restore it from the release, "
            "or train again."
        ) from error
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read: {error}") from error
    if manifest.get("format") != format_version:
        raise ArtifactError(
            f"{path} has format {manifest.get('format')}, this version reads {format_version}. "
            "Restore the file of this release, or train again."
        )
    return manifest


def verify(path: Path, expected_sha256: str) -> None:
    """Check a file against the hash in its manifest.

    Raises
    ------
    ArtifactError
        When the file is missing or differs.
    """
    if not path.is_file():
        raise ArtifactError(
            f"{path} is missing. It belongs to the installation: restore it from the release, "
            "or train again."
        )
    found = sha256(path)
    if found != expected_sha256:
        raise ArtifactError(
            f"{path} is damaged: its sha256 is {found[:12]}..., the manifest says "
            f"{expected_sha256[:12]}... Restore the file from the release."
        )
