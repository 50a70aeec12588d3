"""A wrong setting ends `manage.py` with one clear line, not a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process import BASE_DIR


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    base = {name: value for name, value in os.environ.items() if not name.startswith("MOODMUSIC_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env={**base, "DJANGO_SETTINGS_MODULE": "moodmusic.settings", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOODMUSIC_PROT", "8001", "MOODMUSIC_PROT is not a setting of MoodMusic. Did you mean"),
        ("MOODMUSIC_PORT", "99999", "MOODMUSIC_PORT='99999': use a whole number from 1 to 65535."),
        ("MOODMUSIC_DEBUG", "maybe", "MOODMUSIC_DEBUG='maybe': use 1/true/yes/on or"),
        ("MOODMUSIC_URL", "music.example", "use http://host[:port] or https://host[:port]."),
        ("MOODMUSIC_BROKER_URL", "kafka://x", "use embedded:// or redis://..."),
        ("DATABASE_URL", "mysql://x/y", "use sqlite:///path or postgres://..."),
        ("CACHE_URL", "file:///x", "use locmem:// or redis://..."),
        ("MOODMUSIC_SECRET_KEY", "short", "must have at least 32 characters."),
        ("MOODMUSIC_LOG_LEVEL", "loud", "use one of DEBUG, INFO, WARNING, ERROR."),
        ("MOODMUSIC_DATA_DIR", "/dev/null/data", "cannot be written (Not a directory)."),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    result = manage("check", **{"MOODMUSIC_DATA_DIR": str(tmp_path), name: value})

    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("MoodMusic cannot start: ")
    assert name in result.stderr
    assert said in result.stderr


def test_missing_weights_are_named_with_the_cure(tmp_path: Path) -> None:
    result = manage(
        "check",
        MOODMUSIC_DATA_DIR=str(tmp_path),
        MOODMUSIC_EMOTION_WEIGHTS=str(tmp_path / "none"),
    )

    assert result.returncode == 1
    assert "moodmusic.E002" in result.stderr
    assert str(tmp_path / "none") in result.stderr
    assert "HINT: Restore ml/emotion/weights" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_named_with_the_cure(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = manage(
            "serve", "--port", str(port), "--skip-checks", MOODMUSIC_DATA_DIR=str(tmp_path)
        )

    assert result.returncode == 1
    assert f"Port {port} cannot be used (Address already in use)" in result.stderr
    assert "MOODMUSIC_PORT=" in result.stderr
    assert "Traceback" not in result.stderr
