"""A model's folder: written whole, mapped by all, refused when anything of it is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from ml.artifacts import ArtifactError, sha256
from ml.recommend import model_file
from ml.recommend.factors import Setting
from ml.recommend.hybrid import Choice
from ml.recommend.item_model import ItemModel, Walk
from ml.recommend.model_file import MANIFEST, id_bytes, load, save

ARRAYS = ("ids", "factors", "grams", "popularity", "walk_starts", "walk_songs", "walk_chances")


def a_model(walk: Walk | None = None) -> ItemModel:
    chance = np.random.default_rng(0)
    factors = chance.normal(size=(30, 8)).astype(np.float32)
    halves = factors.astype(np.float64).reshape(30, 2, 4)
    return ItemModel(
        ids=id_bytes([uuid4() for _ in range(30)]),
        factors=factors,
        grams=np.stack([halves[:, start].T @ halves[:, start] for start in range(2)]),
        popularity=np.ones(30, dtype=np.float32),
        walk=walk or Walk(np.arange(31), np.arange(30, dtype=np.int32), np.ones(30, np.float32)),
        choice=Choice(Setting(alpha=4.0, factors=4, regularisation=2.5), 0.3, 0.2),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "recommend-1"


def test_a_folder_holds_what_was_saved(folder: Path) -> None:
    model = a_model()

    kept = load(folder, save(folder, model))

    for name in ("ids", "factors", "grams", "popularity"):
        assert (getattr(kept, name) == getattr(model, name)).all(), name
    assert (kept.walk.songs == model.walk.songs).all()
    assert kept.choice == model.choice
    rows, values = np.array([1, 4]), np.array([2.0, -1.0])
    factors = kept.fold(kept.factors[rows], values)
    assert factors == pytest.approx(model.fold(model.factors[rows], values))
    assert kept.scores(factors, rows[:1]) == pytest.approx(model.scores(factors, rows[:1]))


def test_a_model_without_a_walk_is_kept_too(folder: Path) -> None:
    kept = load(folder, save(folder, a_model(Walk.empty(30))))

    assert kept.walk.summed(np.array([3, 4])).tolist() == [0] * 30


def test_two_loads_map_the_same_pages_read_only(folder: Path) -> None:
    digest = save(folder, a_model())

    first, second = load(folder, digest), load(folder, digest)

    for one in (first, second):
        for array in (one.ids, one.factors, one.grams, one.popularity, one.walk.chances):
            assert isinstance(array, np.memmap)
            assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            one.factors[0, 0] = 1
    # Both mappings are of one file, shared and not copied on write: the kernel keeps one set of
    # pages for them, and for other processes.
    file = str(folder / "factors.npy")
    maps = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    mine = [line for line in maps if line[-1] == file]
    assert len(mine) == 2
    assert {line[1] for line in mine} == {"r--s"}
    assert {int(line[4]) for line in mine} == {(folder / "factors.npy").stat().st_ino}


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


@pytest.mark.parametrize("name", [*(f"{one}.npy" for one in ARRAYS), MANIFEST])
@pytest.mark.parametrize(
    ("harm", "told"),
    [(flipped, "damaged"), (truncated, "damaged"), (Path.unlink, "missing")],
)
def test_harm_to_any_file_is_noticed(
    folder: Path, name: str, harm: Callable[[Path], None], told: str
) -> None:
    digest = save(folder, a_model())
    harm(folder / name)

    with pytest.raises(ArtifactError, match=f"{name} is {told}"):
        load(folder, digest)


def test_a_missing_folder_and_an_earlier_format_are_told(folder: Path) -> None:
    folder.parent.mkdir()
    np.savez(folder.parent / "old.npz", format=np.int64(1))

    with pytest.raises(ArtifactError, match="missing"):
        load(folder, "0" * 64)
    with pytest.raises(ArtifactError, match=r"earlier version's format.*manage\.py retrain"):
        load(folder.parent / "old.npz", sha256(folder.parent / "old.npz"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 3}, "format 3, this version reads 2"),
        ({"choice": {"depth": 7}}, "cannot be read"),
        ({"sha256": {}}, "cannot be read"),
    ],
)
def test_a_manifest_of_another_version_is_refused(
    folder: Path, change: dict[str, object], told: str
) -> None:
    save(folder, a_model())
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(ArtifactError, match=told):
        load(folder, sha256(path))


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = save(folder, a_model())

    def refused(path: Path, expected: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(model_file, "verify", refused)

    with pytest.raises(ArtifactError, match=r"cannot be read: PermissionError"):
        load(folder, digest)


def test_a_failed_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, value: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(model_file, "write_json", full)

    with pytest.raises(OSError, match="no space"):
        save(folder, a_model())
    assert list(folder.parent.iterdir()) == []
