"""The writes of this app: what pages, API, tasks and commands call."""

from __future__ import annotations

from emotions.captures import (
    capture_claim,
    capture_complete,
    capture_fail,
    capture_permit,
    capture_read,
    capture_refuse,
    capture_release,
    capture_submit,
)
from emotions.readings import (
    reading_at_point,
    reading_by_hand,
    reading_correct,
    reading_uncorrect,
)
from emotions.sweeping import captures_sweep

__all__ = [
    "capture_claim",
    "capture_complete",
    "capture_fail",
    "capture_permit",
    "capture_read",
    "capture_refuse",
    "capture_release",
    "capture_submit",
    "captures_sweep",
    "reading_at_point",
    "reading_by_hand",
    "reading_correct",
    "reading_uncorrect",
]
