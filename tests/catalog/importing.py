"""What tests of imports of folders share."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.core.management import call_command

from catalog.models import ImportRun


def imported(folder: Path, *options: str, **more: Any) -> ImportRun:
    """Import; the finished run."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_music", str(folder), *options, stdout=out, stderr=err, **more)
    return ImportRun.objects.first()  # type: ignore[return-value]


def counts(run: ImportRun | None) -> tuple[int, int, int, int]:
    assert run is not None
    return run.created, run.updated, run.unchanged, run.refused


def problems(run: ImportRun) -> dict[str, str]:
    return dict(run.problems.values_list("place", "code"))
