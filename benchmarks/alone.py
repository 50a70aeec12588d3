"""Running a benchmark in a process and an installation of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.process import BASE_DIR, clean_environment


def measured_alone(module: str, what: str, **settings: str) -> dict[str, Any]:
    """What `python -m MODULE WHAT` prints as its last line, JSON, with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = clean_environment(
            Path(folder) / "data", MOODMUSIC_LOG_LEVEL="ERROR", **settings
        )
        result = subprocess.run(
            [sys.executable, "-m", module, what],
            cwd=BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer
