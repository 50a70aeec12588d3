"""The model card: what lies beside the committed weights, made ready for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emotions.model_charts import Chart, accuracy_chart, loss_chart, reliability_chart
from ml.emotion.card import Card, gather
from ml.emotion.card.files import margin
from ml.emotion.card.story import train_command
from ml.emotion.degrade import DEGRADATIONS
from ml.emotion.labels import EMOTIONS

#: (key of evaluation.json, name, what it means), for shares in 0..1.
FIGURES = (
    (
        "ferplus7_accuracy",
        _("Agrees with people"),
        _("FER+ labels: ten people voted on each picture"),
    ),
    (
        "selective_accuracy_70",
        _("When it is sure"),
        # xgettext:no-python-format
        _("The same, on the 70 % it is surest of"),
    ),
    ("ece", _("Calibration error"), _("How far “82 %” is from being right 82 times in 100")),
    (
        "accuracy",
        _("FER2013 accuracy"),
        _("The older labels of one person each, with many mistakes"),
    ),
    (
        "accuracy_dedup",
        _("Without copies"),
        _("The same, without faces that training has also seen"),
    ),
    ("macro_f1", _("Macro F1"), _("FER2013, every emotion counting alike")),
)
FACES_FIGURES = (
    ("accuracy", _("Another world"), _("Press photos and film stills, which training never saw")),
    ("macro_recall", _("Emotion by emotion there"), _("Recall, every emotion counting alike")),
)
#: Ways to spoil a face, by the names that `ml.emotion.degrade` gives them.
SPOILT = {
    "320x240": _("a face of 24 pixels, a tenth of the height of a 320x240 frame"),
    "gamma_0.3": _("gamma .3: washed out, almost white"),
    "gamma_3": _("gamma 3: dark, almost black"),
    "blur": _("Gaussian blur, sigma 1.5 of 48 pixels"),
    "noise": _("noise, standard deviation 20 of 255 grey levels"),
    "jpeg_20": _("JPEG of quality 20, of the crop itself"),
    "rotation_15": _("turned by 15 degrees, left or right"),
    # xgettext:no-python-format
    "box_jitter": _("box moved by up to 10 % of its side and scaled by .85 to 1.18"),
    "mouth_covered": _("mouth covered by plain grey"),
    "eyes_covered": _("eyes covered by plain grey"),
}
#: Figures that are shares of a number of faces, and the key of that number.
COUNTED = {"accuracy": "n", "accuracy_dedup": "dedup_n", "ferplus7_accuracy": "ferplus7_n"}
#: Columns of the comparison with other systems.
COMPARED = (
    "accuracy",
    "accuracy_dedup",
    "macro_f1",
    "ferplus7_accuracy",
    "ece",
    "selective_accuracy_70",
)
#: Steps of colour of a confusion cell.
HEAT_STEPS = 6


@dataclass(frozen=True)
class ModelCard:
    """What the page shows; every part may be missing.

    Attributes
    ----------
    counts : {"n", "ferplus7_n", "faces_n"}: faces behind the figures.
    per_class : rows of `emotion`, `served`, `theirs` (each precision, recall, f1).
    confusions : tables of `about` and `rows`.
    degradations : rows of `words` and `cells`, the two sets one after the other.
    compared : rows of `words`, `cells`, `minutes`, `share`, `note`.
    """

    version: str = ""
    weights_sha256: str = ""
    unsure_below: float | None = None
    tested_on: str = ""
    date: str = ""
    counts: dict[str, int | None] = field(default_factory=dict)
    network: dict[str, Any] = field(default_factory=dict)
    figures: list[dict[str, str]] = field(default_factory=list)
    per_class: list[dict[str, Any]] = field(default_factory=list)
    confusions: list[dict[str, Any]] = field(default_factory=list)
    reliability: list[dict[str, Any]] = field(default_factory=list)
    reliability_chart: Chart | None = None
    faces: dict[str, Any] = field(default_factory=dict)
    faces_classes: list[dict[str, Any]] = field(default_factory=list)
    degradations: list[dict[str, Any]] = field(default_factory=list)
    compared: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    trials: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    train_command: str = ""
    accuracy_chart: Chart | None = None
    loss_chart: Chart | None = None
    commands: list[str] = field(default_factory=list)
    emotions: tuple[str, ...] = EMOTIONS


def model_card(home: Path | None = None) -> ModelCard:
    """The card of the weights in `home` (default: those this server uses).

    An evaluation of other weights than those installed is left out: its numbers are not theirs.
    """
    card = gather(home or Path(str(settings.EMOTION_WEIGHTS)))
    found, faces = card.evaluation, card.evaluation.get("faces", {})
    bins = found.get("reliability") or []
    return ModelCard(
        version=str(card.manifest.get("version", "")),
        weights_sha256=str(card.manifest.get("weights_sha256", "")),
        unsure_below=card.manifest.get("unsure_below"),
        tested_on=f"FER2013 {found['usage']}" if "usage" in found else "",
        date=str(found.get("date", "")),
        counts={
            "n": found.get("n"),
            "ferplus7_n": found.get("ferplus7_n"),
            "faces_n": faces.get("n"),
        },
        network=found.get("network", {}),
        figures=_figures(found, FIGURES) + _figures(faces, FACES_FIGURES),
        per_class=_per_class(found),
        confusions=_confusions(found),
        reliability=[entry for entry in bins if entry["count"]],
        reliability_chart=reliability_chart(bins) if bins else None,
        faces=faces,
        faces_classes=[
            {"emotion": name, "n": faces["classes_n"][name], **faces["per_class"][name]}
            for name in EMOTIONS
            if faces
        ],
        degradations=_degradations(found, faces),
        compared=_compared(card),
        claims=card.claims,
        trials=card.trials,
        history=card.history,
        train_command=train_command(card) if card.history else "",
        accuracy_chart=accuracy_chart(card.history) if card.history else None,
        loss_chart=loss_chart(card.history) if card.history else None,
        commands=list(found.get("commands", {}).values()),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}\N{NO-BREAK SPACE}%"


def _figures(
    found: dict[str, Any], wanted: Sequence[tuple[str, Promise, Promise]]
) -> list[dict[str, str]]:
    """Name, value, half its 95 % interval where faces were counted, and meaning."""
    figures = []
    for key, name, meaning in wanted:
        value, n = found.get(key), found.get(COUNTED.get(key, ""))
        if not isinstance(value, int | float):
            continue
        spread = f"± {100 * margin(value, n):.1f}" if n else ""
        figures.append(
            {
                "name": str(name),
                "value": _percent(value),
                "spread": spread,
                "meaning": str(meaning),
            }
        )
    return figures


def _per_class(found: dict[str, Any]) -> list[dict[str, Any]]:
    served, theirs = found.get("served_per_class") or {}, found.get("per_class") or {}
    return [
        {"emotion": emotion, "served": served.get(emotion), "theirs": theirs.get(emotion)}
        for emotion in EMOTIONS
        if emotion in theirs
    ]


def _confusions(found: dict[str, Any]) -> list[dict[str, Any]]:
    tables = (
        ("served_confusion", gettext("Against the labels of ten people (FER+)")),
        ("confusion", gettext("Against the FER2013 labels")),
    )
    return [
        {"about": about, "rows": _confusion_rows(found[key])}
        for key, about in tables
        if found.get(key)
    ]


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


def _degradations(found: dict[str, Any], faces: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for the crops as they are and for each way to spoil them, for both sets of faces."""
    sets = [part for part in (found, faces) if part.get("degradations")]
    if not sets:
        return []
    rows = [
        {"words": gettext("as they are"), "sets": [part["degradations_clean"] for part in sets]}
    ]
    for degradation in DEGRADATIONS:
        cells = [part["degradations"].get(degradation.name) for part in sets]
        if all(cells):
            words = str(SPOILT.get(degradation.name, degradation.words))
            rows.append({"words": words, "sets": [_with_cost(c) for c in cells]})
    return rows


def _with_cost(figures: dict[str, Any]) -> dict[str, Any]:
    cost = f"{figures['cost']:.1f} ± {figures['cost_se']:.1f}"
    return {**figures, "cost": cost.replace("-", "\N{MINUS SIGN}")}


def _compared(card: Card) -> list[dict[str, Any]]:
    """This network first, then the baselines."""
    rows = []
    if card.evaluation:
        seconds = sum(entry["seconds"] for entry in card.history)
        rows.append({"words": gettext("This network"), "seconds": seconds, **card.evaluation})
    rows += card.baselines.values()
    return [
        {
            "words": row["words"],
            "cells": ["" if row.get(key) is None else f"{row[key] * 100:.1f}" for key in COMPARED],
            "minutes": round(row["seconds"] / 60),
            "command": row.get("command", ""),
            "date": row.get("date", ""),
            "weights_sha256": row.get("weights_sha256", ""),
        }
        for row in rows
    ]
