"""Each system check: silent when all is well, its id and cure when not."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from ml.emotion.weights import HOME
from moodmusic import checks


def ids(messages: Any) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "audio").mkdir()
    assert ids(checks.data_dir_writable(None)) == []

    # A file where a folder should be is refused even for root
    (tmp_path / "frames").write_text("")
    messages = checks.data_dir_writable(None)
    assert ids(messages) == ["moodmusic.E001"]
    assert str(tmp_path / "frames") in messages[0].msg
    assert "MOODMUSIC_DATA_DIR" in messages[0].hint


def test_weights(settings: Any, tmp_path: Path) -> None:
    # Missing
    settings.EMOTION_WEIGHTS = tmp_path / "weights"
    messages = checks.emotion_weights_intact(None)
    assert ids(messages) == ["moodmusic.E002"]
    assert str(tmp_path / "weights") in messages[0].msg

    # The committed ones are intact
    shutil.copytree(HOME, tmp_path / "weights")
    assert ids(checks.emotion_weights_intact(None)) == []

    # Damaged: one byte differs
    (file,) = (tmp_path / "weights").glob("*.npz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert ids(checks.emotion_weights_intact(None)) == ["moodmusic.E002"]


def test_avx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nflags : fpu sse4_2 avx avx2\n")
    assert checks.cpu_flags(cpuinfo) == {"fpu", "sse4_2", "avx", "avx2"}
    assert checks.cpu_flags(tmp_path / "none") is None

    monkeypatch.setattr(checks.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(checks, "cpu_flags", lambda: {"fpu", "sse4_2"})
    messages = checks.processor_has_avx(None)
    assert ids(messages) == ["moodmusic.E003"]
    assert "AVX" in messages[0].msg

    monkeypatch.setattr(checks, "cpu_flags", lambda: {"avx"})
    assert ids(checks.processor_has_avx(None)) == []
    monkeypatch.setattr(checks, "cpu_flags", lambda: None)
    assert ids(checks.processor_has_avx(None)) == []
    monkeypatch.setattr(checks, "cpu_flags", lambda: {"neon"})
    monkeypatch.setattr(checks.platform, "machine", lambda: "aarch64")
    assert ids(checks.processor_has_avx(None)) == []


@pytest.mark.parametrize(
    ("broker", "database", "found"),
    [
        ("embedded://", "sqlite:////tmp/x", []),
        ("embedded://", "postgres://me@localhost/x", []),
        ("embedded://", "postgres://me:pw@db.example:5432/x", ["moodmusic.W001"]),
        ("redis://cache.example/0", "postgres://me@db.example/x", []),
    ],
)
def test_embedded_broker_with_a_shared_database(
    settings: Any, broker: str, database: str, found: list[str]
) -> None:
    settings.BROKER_URL, settings.DATABASE_URL = broker, database

    messages = checks.broker_reaches_all_hosts(None)

    assert ids(messages) == found
    assert "pw" not in "".join(message.msg for message in messages)


def test_sqlite_on_a_network_share(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "nas:/music /mnt/my\\040nas nfs4 rw 0 0\n"
        "/dev/sdb /mnt xfs rw 0 0\n"
    )
    assert checks.file_system_of(Path("/srv/db"), mounts) == "ext4"
    assert checks.file_system_of(Path("/mnt/my nas/db"), mounts) == "nfs4"
    assert checks.file_system_of(Path("/mnt/other/db"), mounts) == "xfs"
    assert checks.file_system_of(Path("/srv/db"), tmp_path / "none") == ""

    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/mnt/my nas/db"}
    monkeypatch.setattr(checks.settings, "DATABASES", {"default": sqlite})
    monkeypatch.setattr(checks, "file_system_of", lambda _: "nfs4")
    assert ids(checks.sqlite_on_local_disk(None)) == ["moodmusic.W002"]
    monkeypatch.setattr(checks, "file_system_of", lambda _: "ext4")
    assert ids(checks.sqlite_on_local_disk(None)) == []


@pytest.mark.parametrize(
    ("https", "given", "found"),
    [(False, False, []), (True, True, []), (True, False, ["moodmusic.W003"])],
)
def test_secret_key_of_a_public_site(
    settings: Any, https: bool, given: bool, found: list[str]
) -> None:
    settings.HTTPS, settings.SECRET_KEY_GIVEN = https, given

    assert ids(checks.secret_key_given(None)) == found


def test_face_detector_asked_for(settings: Any, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path / "models"
    # In the default place it is fetched, so its absence is not worth a word
    settings.FACE_DETECTOR_MODEL = tmp_path / "models" / "yunet.onnx"
    assert ids(checks.face_detector_present(None)) == []

    settings.FACE_DETECTOR_MODEL = tmp_path / "mine.onnx"
    messages = checks.face_detector_present(None)
    assert ids(messages) == ["moodmusic.W004"]
    assert f"MOODMUSIC_FACE_DETECTOR_MODEL={tmp_path / 'mine.onnx'}" in messages[0].msg

    (tmp_path / "mine.onnx").write_bytes(b"x")
    assert ids(checks.face_detector_present(None)) == []
