"""Model files are written whole or not at all."""

import json

import pytest

from ml import artifacts


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"old")

    def fail(stream):
        stream.write(b"half")
        raise RuntimeError("disk is gone")

    with pytest.raises(RuntimeError, match="disk is gone"):
        artifacts.write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["model.bin"]


def test_a_file_that_differs_from_its_hash_is_refused(tmp_path):
    path = tmp_path / "model.bin"
    artifacts.write_atomically(path, lambda stream: stream.write(b"weights"))
    digest = artifacts.sha256(path)
    artifacts.verify(path, digest)
    path.write_bytes(b"weighty")
    with pytest.raises(artifacts.ArtifactError, match="is damaged"):
        artifacts.verify(path, digest)


def test_an_unreadable_manifest_is_named(tmp_path):
    path = tmp_path / "manifest.json"
    with pytest.raises(artifacts.ArtifactError, match=r"manifest\.json is missing"):
        artifacts.read_manifest(path, format_version=1)
    path.write_text("{")
    with pytest.raises(artifacts.ArtifactError, match="cannot be read"):
        artifacts.read_manifest(path, format_version=1)
    artifacts.write_json(path, {"format": 1, "a": 2})
    assert artifacts.read_manifest(path, format_version=1) == {"format": 1, "a": 2}
    assert json.loads(path.read_text())["a"] == 2


@pytest.mark.parametrize("text", [None, "{", "[1]", '"x"'])
def test_json_of_another_kind_is_as_none(tmp_path, text):
    path = tmp_path / "figures.json"
    if text is not None:
        path.write_text(text)

    assert artifacts.read_json(path, {}) == {}
    path.write_text('{"a": 1}')
    assert artifacts.read_json(path, {}) == {"a": 1}
