"""The ordinary tests once more, with PostgreSQL for a database."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.process import BASE_DIR, POSTGRES, fresh_database

#: Whose results depend on the database.
FOLDERS = ("accounts", "emotions", "catalog", "recommendations", "moodmusic", "security")


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_suite_passes_on_postgresql(folder: str) -> None:
    with fresh_database() as database:
        assert database.startswith(POSTGRES)
        result = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                "-m", "not services and not stack and not browser and not slow",
                f"tests/{folder}",
            ],
            cwd=BASE_DIR,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
                "DATABASE_URL": database,
                "MOODMUSIC_TEST_SERVICES": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip

    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    passed = re.search(r"(\d+) passed", result.stdout)
    assert passed
    assert int(passed.group(1)) > 20
