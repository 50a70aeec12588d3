"""Fixtures of the captures' tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.emotions.storage import private_frames


@pytest.fixture(autouse=True)
def frames_folder(settings: Any, tmp_path: Path) -> Path:
    """Where this test's frames lie."""
    return private_frames(settings, tmp_path / "frames")
