"""Who may import whom, and what web processes never load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.process import BASE_DIR

HEAVY = {"tensorflow", "keras", "implicit", "librosa", "cv2", "sklearn", "numba"}

LOAD_THE_WEB = """
import json, sys
import django
django.setup()
from importlib import import_module
from django.apps import apps
from django.urls import get_resolver
import moodmusic.wsgi
get_resolver().url_patterns
for name in ("accounts", "emotions", "catalog", "recommendations", "moodmusic"):
    for part in ("models", "tasks", "views", "api", "admin", "services", "selectors"):
        try:
            import_module(f"{name}.{part}")
        except ModuleNotFoundError as error:
            if error.name != f"{name}.{part}":
                raise
print(json.dumps(sorted({module.partition(".")[0] for module in sys.modules})))
"""


def test_import_contracts_hold() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_a_web_process_loads_no_heavy_library(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LOAD_THE_WEB],
        cwd=BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "moodmusic.settings",
            "MOODMUSIC_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    loaded = set(json.loads(result.stdout.splitlines()[-1]))
    assert {"django", "moodmusic", "recommendations"} <= loaded
    assert loaded & HEAVY == set()
