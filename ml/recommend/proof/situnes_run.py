"""`situnes`: what the situation and the mood before it add to telling how a listen goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ml.figures import mean_and_sd
from ml.recommend.proof.situnes import FIRST_SEED, SEEDS, SETTINGS, Listens, read_lab, read_split
from ml.recommend.proof.situnes_models import MODELS, Shown, change_classes, liked_scores

#: What is shown to the models beside listener and song: the rows of the tables.
ROWS = {
    "listener and song": Shown(context=False, mood=False),
    "+ mood before": Shown(context=False, mood=True),
    "+ situation": Shown(context=True, mood=False),
    "+ both": Shown(context=True, mood=True),
}
#: AUC of published models (best of four), by row and setting.
PUBLISHED_AUC = {"listener and song": {2: 0.722, 3: 0.557}, "+ situation": {2: 0.819, 3: 0.710}}
#: Best published accuracy and macro F1 of the change of valence, by setting.
PUBLISHED_CHANGE = {2: (0.572, 0.487), 3: (0.541, 0.412)}


def evaluate(
    folder: Path, *, seeds: int = SEEDS, say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Both tasks of SiTunes on its published splits.

    Setting 2 learns from and asks about the field study's listens; setting 3 asks about those of a
    later study, most of other songs. Everything is chosen in folds inside what is learnt from.

    Returns
    -------
    dict
        liked {row: {setting: {mean, sd, published}}}, change {row: {setting: {accuracy,
        macro_f1}}},
        mixes {row: {setting: {models: times}}}, models (that mixes are made of),
        stage1_energy_arousal (correlation, sign set right), seeds, seconds.

    Raises
    ------
    SitunesError
        When a file is missing or not as published.
    """
    started = time.monotonic()
    energy, arousal = read_lab(folder)
    areas: dict[tuple[str, int], list[float]] = {}
    changes: dict[tuple[str, int], list[tuple[float, float]]] = {}
    mixes: dict[str, dict[str, dict[str, int]]] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        for setting in SETTINGS:
            learnt, asked = read_split(folder, setting, seed)
            for row, shown in ROWS.items():
                area, mix = _area(learnt, asked, shown, setting, seed)
                areas.setdefault((row, setting), []).append(area)
                times = mixes.setdefault(row, {}).setdefault(str(setting), {})
                times[" + ".join(mix)] = times.get(" + ".join(mix), 0) + 1
                changes.setdefault((row, setting), []).append(_change(learnt, asked, shown, seed))
            line = ", ".join(f"{row} {areas[row, setting][-1]:.3f}" for row in ROWS)
            say(f"split {seed}, setting {setting}: AUC {line}")
    return {
        "liked": {
            row: {
                str(setting): mean_and_sd(areas[row, setting])
                | {"published": PUBLISHED_AUC.get(row, {}).get(setting)}
                for setting in SETTINGS
            }
            for row in ROWS
        },
        "change": {
            row: {
                str(setting): {
                    name: mean_and_sd([found[place] for found in changes[row, setting]])
                    for place, name in enumerate(("accuracy", "macro_f1"))
                }
                for setting in SETTINGS
            }
            for row in ROWS
        },
        "mixes": mixes,
        "models": list(MODELS),
        "stage1_energy_arousal": float(np.corrcoef(energy, arousal)[0, 1]),
        "seeds": seeds,
        "seconds": round(time.monotonic() - started, 1),
    }


def table(found: dict[str, Any]) -> list[str]:
    """The lines of both tables."""
    lines = [
        f"SiTunes, {found['seeds']} published splits, {found['seconds']} s. "
        "Sign of Stage 1 arousal flipped: "
        f"r(energy, arousal) = {found['stage1_energy_arousal']:.2f}",
        "",
        "Is the song liked (rating >= 3): AUC",
        f"{'':20}{'setting 2':>18}{'published':>11}{'setting 3':>18}{'published':>11}",
    ]
    for row, by_setting in found["liked"].items():
        cells = "".join(
            f"{_cell(one):>18}{one['published'] or '-':>11}" for one in by_setting.values()
        )
        lines.append(f"{row:20}{cells}")
    lines += [
        "",
        "Which way valence goes (up, same, down): accuracy and macro F1; best published "
        + ", ".join(f"{a:.3f} / {f:.3f} (setting {s})" for s, (a, f) in PUBLISHED_CHANGE.items()),
        f"{'':20}" + "".join(f"{f'setting {s}':>36}" for s in SETTINGS),
    ]
    for row, by_setting in found["change"].items():
        cells = "".join(
            f"{_cell(one['accuracy']):>18}{_cell(one['macro_f1']):>18}"
            for one in by_setting.values()
        )
        lines.append(f"{row:20}{cells}")
    return lines


def _area(
    learnt: Listens, asked: Listens, shown: Shown, setting: int, seed: int
) -> tuple[float, tuple[str, ...]]:
    from sklearn.metrics import roc_auc_score

    scores, mix = liked_scores(learnt, asked, shown, new_songs=setting == 3, seed=seed)
    return float(roc_auc_score(asked.liked, scores)), mix


def _change(learnt: Listens, asked: Listens, shown: Shown, seed: int) -> tuple[float, float]:
    from sklearn.metrics import accuracy_score, f1_score

    says, _ = change_classes(learnt, asked, shown, seed=seed)
    return (
        float(accuracy_score(asked.change, says)),
        float(f1_score(asked.change, says, average="macro")),
    )


def _cell(one: dict[str, float]) -> str:
    return f"{one['mean']:.3f} +- {one['sd']:.3f}"
