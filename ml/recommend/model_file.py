"""The files of a trained model: a folder of plain arrays, mapped into memory by every process.

All processes of a host share the pages of the mapped files, so that a further web process costs
no further copy of the factors.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import numpy as np

from ml.artifacts import ArtifactError, read_manifest, sha256, verify, write_json
from ml.recommend.hybrid import Choice
from ml.recommend.item_model import ItemModel, Walk

#: 1 was one .npz file of a single start's factors.
FORMAT = 2
MANIFEST = "manifest.json"
#: Ending of a folder that is being written; one that stays is of a writer that was killed.
PART = ".part"


def id_bytes(ids: Sequence[UUID]) -> np.ndarray:
    """Ids as rows of 16 bytes, (n, 16) uint8."""
    joined = b"".join(one.bytes for one in ids)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, 16)


def save(folder: Path, model: ItemModel) -> str:
    """Write a model's folder, whole or not at all.

    Returns
    -------
    The sha256 of its manifest, which holds those of the arrays.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=PART))
    try:
        hashes = {}
        for name, array in _arrays(model).items():
            path = scratch / f"{name}.npy"
            with path.open("wb") as stream:
                np.save(stream, array)
                stream.flush()
                os.fsync(stream.fileno())
            hashes[name] = sha256(path)
        manifest = {"format": FORMAT, "choice": model.choice.to_json(), "sha256": hashes}
        write_json(scratch / MANIFEST, manifest)
        scratch.chmod(0o755)
        scratch.rename(folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return sha256(folder / MANIFEST)


def load(folder: Path, expected_sha256: str) -> ItemModel:
    """Map a model's arrays, read-only, after checking their hashes.

    Raises
    ------
    ArtifactError
        When anything of it is missing, damaged or of another format.
    """
    if folder.is_file():
        raise ArtifactError(
            f"{folder} is a model of an earlier version's format. The next training replaces it: "
            "wait for it, or run `manage.py retrain`."
        )
    try:
        verify(folder / MANIFEST, expected_sha256)
        manifest = read_manifest(folder / MANIFEST, format_version=FORMAT)
        arrays = {}
        for name, expected in manifest["sha256"].items():
            path = folder / f"{name}.npy"
            verify(path, expected)
            arrays[name] = np.load(path, mmap_mode="r", allow_pickle=False)
        return ItemModel(
            ids=arrays["ids"],
            factors=arrays["factors"],
            grams=arrays["grams"],
            popularity=arrays["popularity"],
            walk=Walk(arrays["walk_starts"], arrays["walk_songs"], arrays["walk_chances"]),
            choice=Choice.from_json(manifest["choice"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"{folder} cannot be read: {error!r}. Run `manage.py retrain`."
        ) from error


def _arrays(model: ItemModel) -> dict[str, np.ndarray]:
    """By the names of their files, little-endian."""
    return {
        "ids": model.ids,
        "factors": model.factors.astype("<f4", copy=False),
        "grams": model.grams.astype("<f8", copy=False),
        "popularity": model.popularity.astype("<f4", copy=False),
        "walk_starts": model.walk.starts.astype("<i8", copy=False),
        "walk_songs": model.walk.songs.astype("<i4", copy=False),
        "walk_chances": model.walk.chances.astype("<f4", copy=False),
    }
