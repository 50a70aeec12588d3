"""The model card: what lies beside the committed weights, made ready for a page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

#: FER2013 order, as in ml.emotion.labels, and the order of rows and columns of a confusion.
EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
#: (key of evaluation.json, name, what it means), for shares in 0..1.
FIGURES = (
    ("ferplus7_accuracy", "Agrees with people", "FER+ labels: ten people voted on each picture"),
    ("selective_accuracy_70", "When it is sure", "The same, on the 70 % it is surest of"),
    ("accuracy", "FER2013 accuracy", "The older labels of one person each, with many mistakes"),
    ("macro_f1", "Macro F1", "FER2013, every emotion counting alike"),
    ("ece", "Calibration error", "How far “82 %” is from being right 82 times in 100"),
)
#: Steps of colour of a confusion cell.
HEAT_STEPS = 6


@dataclass(frozen=True)
class ModelCard:
    """What the page shows; every part may be missing."""

    version: str = ""
    weights_sha256: str = ""
    unsure_below: float | None = None
    tested_on: str = ""
    n: int | None = None
    figures: list[dict[str, str]] = field(default_factory=list)
    per_class: list[dict[str, Any]] = field(default_factory=list)
    confusion: list[dict[str, Any]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    emotions: tuple[str, ...] = EMOTIONS


def model_card(home: Path | None = None) -> ModelCard:
    """The card of the weights in `home` (default: those this server uses).

    An evaluation of other weights than those installed is left out: its numbers are not theirs.
    """
    home = home or Path(str(settings.EMOTION_WEIGHTS))
    manifest = _read(home / "manifest.json")
    found = _read(home / "evaluation.json")
    sha = str(manifest.get("weights_sha256", ""))
    if not sha or found.get("weights_sha256") != sha:
        found = {}
    return ModelCard(
        version=str(manifest.get("version", "")),
        weights_sha256=sha,
        unsure_below=manifest.get("unsure_below"),
        tested_on=f"FER2013 {found['usage']}" if "usage" in found else "",
        n=found.get("n"),
        figures=[
            {
                "name": name,
                "value": f"{found[key] * 100:.1f}\N{NO-BREAK SPACE}%",
                "meaning": meaning,
            }
            for key, name, meaning in FIGURES
            if isinstance(found.get(key), int | float)
        ],
        per_class=[
            {"emotion": emotion, **found["per_class"][emotion]}
            for emotion in EMOTIONS
            if emotion in (found.get("per_class") or {})
        ],
        confusion=_confusion_rows(found.get("confusion") or []),
        commands=_commands(found),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _confusion_rows(table: list[list[int]]) -> list[dict[str, Any]]:
    """Rows with share (0..1 of the row), count and step of colour for each cell."""
    rows = []
    for emotion, counts in zip(EMOTIONS, table, strict=False):
        total = sum(counts) or 1
        cells = [
            {
                "count": count,
                "share": count / total,
                "heat": min(HEAT_STEPS, round(count / total * HEAT_STEPS)),
            }
            for count in counts
        ]
        rows.append({"emotion": emotion, "cells": cells})
    return rows


def _commands(found: dict[str, Any]) -> list[str]:
    """The command that prints these numbers again."""
    if not found:
        return []
    if found.get("command"):
        return [str(found["command"])]
    usage = found.get("usage", "PrivateTest")
    ferplus = " --ferplus fer2013new.csv" if found.get("ferplus7_accuracy") is not None else ""
    return [f"python -m ml.emotion evaluate --data fer2013.csv{ferplus} --usage {usage} --json"]
