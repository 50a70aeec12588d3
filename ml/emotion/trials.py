"""Hyper-parameter trials: runs of the recipe with one choice changed, scored on PublicTest.

Short ones rank choices as far as a short run can: what resists overfitting pays only in long ones.
Each is kept with its network's size and speed, so that together they show what size buys.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.artifacts import write_json
from ml.emotion import speed
from ml.emotion.network import NetworkConfig
from ml.emotion.recipe import Recipe
from ml.emotion.train import train

PATH = Path(__file__).with_name("trials.json")
#: Name -> what differs from the recipe and the network that are committed.
CHANGES: dict[str, dict[str, Any]] = {
    "as committed": {},
    "half the peak rate": {"peak_rate": Recipe.peak_rate / 2},
    "a quarter of the weight decay": {"weight_decay": Recipe.weight_decay / 4},
    "no label smoothing": {"label_smoothing": 0.0},
    "half the batch": {"batch": Recipe.batch // 2},
    "widths 16-32-64-128": {"widths": (16, 32, 64, 128)},
    "widths 32-64-128-256": {"widths": (32, 64, 128, 256)},
}


def run(
    *,
    fer2013: Path,
    ferplus: Path,
    phases: tuple[tuple[int, int], ...],
    precision: str = "float32",
    only: Sequence[str] = (),
    path: Path = PATH,
    network: NetworkConfig | None = None,
    say: Callable[[str], object] = lambda line: None,
) -> list[dict[str, Any]]:
    """Train each change through `phases` and write its scores into `path`.

    An entry of the same name and phases is replaced, the others stay.

    Parameters
    ----------
    phases : as `Recipe.phases`.
    only : names from CHANGES; all of them when empty.
    network : what the changes are applied to; the committed shape by default.

    Raises
    ------
    KeyError
        When a name is not in CHANGES.
    ml.emotion.data.DataError
        When a data file is not what it should be.
    """
    entries: list[dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else []
    for name in only or CHANGES:
        changed = dict(CHANGES[name])
        shape = network or NetworkConfig()
        if "widths" in changed:
            shape = replace(shape, widths=changed.pop("widths"))
        recipe = replace(Recipe(phases=phases, precision=precision), **changed)
        with tempfile.TemporaryDirectory() as folder:
            history: list[dict[str, Any]] = []
            train(
                fer2013=fer2013,
                ferplus=ferplus,
                home=Path(folder) / "weights",
                checkpoint=Path(folder) / "checkpoint",
                recipe=recipe,
                network=shape,
                report=history.append,
            )
        entry = {
            "what": f"{name}, {' + '.join(f'{epochs}x{side}' for epochs, side in phases)}",
            "epochs": len(recipe.sides),
            **speed.shape(shape),
            "public_accuracy": history[-1]["public_accuracy"],
            "public_ferplus7": history[-1]["public_ferplus7"],
            "minutes": max(round(sum(one["seconds"] for one in history) / 60), 1),
            "date": datetime.now(UTC).date().isoformat(),
        }
        entries = [one for one in entries if one["what"] != entry["what"]] + [entry]
        write_json(path, entries)
        say(
            f"{name}: accuracy {entry['public_accuracy']:.4f}, "
            f"FER+ seven {entry['public_ferplus7']:.4f}"
        )
    return entries
