"""How figures that were measured several times are told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def mean_and_sd(values: Sequence[float] | np.ndarray) -> dict[str, float]:
    """{mean, sd}: the standard deviation is that of a sample, 0 of a single value."""
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
    }
