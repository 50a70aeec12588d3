"""Fixtures of the catalogue's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def music(tmp_path: Path, settings: Any) -> Path:
    """A folder to import; what is written of it lies beside it."""
    settings.MUSIC_DIR, settings.COVERS_DIR = tmp_path / "kept" / "music", tmp_path / "kept/covers"
    settings.AUDIO_CACHE_DIR = tmp_path / "cache"
    (tmp_path / "music").mkdir()
    return tmp_path / "music"
