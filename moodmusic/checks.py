"""System checks: what would fail later is said at start, with its cure."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

#: Kinds of file systems on which SQLite's locks are known to fail.
NETWORK_FILE_SYSTEMS = {"9p", "afs", "cifs", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
#: Folders of the data directory that some process writes to.
WRITTEN = ("", "audio", "broker", "covers", "frames", "imports", "models", "music")
X86 = {"x86_64", "AMD64", "i386", "i686"}
LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1"}


@register()
def data_dir_writable(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E001: a folder of the data directory refuses files."""
    messages = []
    for name in WRITTEN:
        folder = Path(settings.DATA_DIR) / name
        if name and not folder.exists():
            continue
        probe = folder / f".write-{secrets.token_hex(4)}"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            messages.append(
                Error(
                    f"{folder} cannot be written ({error.strerror}).",
                    hint="Give it to the user that runs MoodMusic, make room on its disk, "
                    "or set MOODMUSIC_DATA_DIR to another folder.",
                    id="moodmusic.E001",
                )
            )
    return messages


@register()
def emotion_weights_intact(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E002: the expression network's weights are missing or damaged."""
    from ml.artifacts import ArtifactError
    from ml.emotion.weights import check

    try:
        check(settings.EMOTION_WEIGHTS)
    except ArtifactError as error:
        return [
            Error(
                f"The expression network's weights cannot be used: {error}",
                hint="Restore ml/emotion/weights from the repository, or set "
                "MOODMUSIC_EMOTION_WEIGHTS to a folder written by "
                "`python -m ml.emotion train`.",
                id="moodmusic.E002",
            )
        ]
    return []


def cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> set[str] | None:
    """The processor's feature flags; None where the system does not tell."""
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return None
    flags = [line.partition(":")[2].split() for line in lines if line.startswith("flags")]
    return set(flags[0]) if flags else None


@register()
def processor_has_avx(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E003: TensorFlow would end with "Illegal instruction" on this processor."""
    flags = cpu_flags()
    if platform.machine() not in X86 or flags is None or "avx" in flags:
        return []
    return [
        Error(
            "This processor has no AVX instructions, which reading faces needs.",
            hint="Run MoodMusic on a machine with AVX (most since 2011). In a virtual machine, "
            'choose the processor type "host".',
            id="moodmusic.E003",
        )
    ]


@register()
def broker_reaches_all_hosts(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W001: the embedded broker with a database that other hosts may share."""
    host = urlsplit(settings.DATABASE_URL).hostname
    if (
        not settings.BROKER_URL.startswith("embedded://")
        or settings.DATABASE_URL.startswith("sqlite")
        or host in LOCAL_HOSTS
    ):
        return []
    return [
        Warning(
            f"The embedded broker serves this host only, but the database is on {host}.",
            hint="With more than one host, set MOODMUSIC_BROKER_URL=redis://...",
            id="moodmusic.W001",
        )
    ]


def file_system_of(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system that holds `path`; "" where the system does not tell."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if path.is_relative_to(point) and len(point) > best:
            best, kind = len(point), found
    return kind


@register()
def sqlite_on_local_disk(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W002: SQLite on a network share corrupts or locks for ever."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    kind = file_system_of(Path(database["NAME"]).absolute())
    if kind not in NETWORK_FILE_SYSTEMS:
        return []
    return [
        Warning(
            f"The SQLite database {database['NAME']} lies on a network file system ({kind}).",
            hint="Set MOODMUSIC_DATA_DIR to a local disk, or DATABASE_URL=postgres://...",
            id="moodmusic.W002",
        )
    ]


@register()
def secret_key_given(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W003: a public site whose key was made up by one host."""
    if not settings.HTTPS or settings.SECRET_KEY_GIVEN:
        return []
    return [
        Warning(
            f"MOODMUSIC_URL is https, but the secret key was made up and lies in "
            f"{settings.DATA_DIR / 'secret_key'}.",
            hint="Set MOODMUSIC_SECRET_KEY to 50 random characters, the same on every host.",
            id="moodmusic.W003",
        )
    ]


@register()
def face_detector_present(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W004: a face finder was asked for and is not there."""
    path = settings.FACE_DETECTOR_MODEL
    if path.parent == settings.MODELS_DIR or path.is_file():
        return []
    return [
        Warning(
            f"MOODMUSIC_FACE_DETECTOR_MODEL={path} does not exist: "
            "using OpenCV's built-in face finder, which misses more faces.",
            hint="Put face_detection_yunet_2023mar.onnx there, or unset the variable to have it "
            "fetched.",
            id="moodmusic.W004",
        )
    ]
