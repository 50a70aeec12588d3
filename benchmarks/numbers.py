"""Summaries of measured times."""

from __future__ import annotations

import math
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0..1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Count and milliseconds: median, 95th percentile, least and most."""
    return {
        "n": len(seconds),
        "p50_ms": round(quantile(seconds, 0.50) * 1000, 1),
        "p95_ms": round(quantile(seconds, 0.95) * 1000, 1),
        "least_ms": round(min(seconds) * 1000, 1),
        "most_ms": round(max(seconds) * 1000, 1),
    }


def machine() -> dict[str, Any]:
    """Where and when the numbers were taken, and how busy the machine was by then."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_1m": round(psutil.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()
