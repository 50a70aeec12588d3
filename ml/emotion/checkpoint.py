"""Where a training run stands, so that a stopped run goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ml.artifacts import write_atomically, write_json
from ml.emotion import weights
from ml.emotion.average import Average


@dataclass
class Checkpoint:
    """Model with optimiser state, averaged weights and history, in one folder."""

    folder: Path
    #: The choices of the run; a checkpoint of other choices is not resumed.
    choices: dict[str, Any]
    history: list[dict[str, Any]] = field(default_factory=list)

    def resume(self) -> tuple[Any, Average] | None:
        """The model and its average as saved, or None when there is none for these choices."""
        import keras

        state_path = self.folder / "state.json"
        if not state_path.is_file():
            return None
        state = json.loads(state_path.read_text())
        if state["choices"] != self.choices:
            return None
        self.history = state["history"]
        stem = f"epoch-{len(self.history):03d}"
        model = keras.models.load_model(self.folder / f"{stem}.keras")
        with np.load(self.folder / f"{stem}.npz") as stored:
            arrays = [stored[name] for name in sorted(stored.files)]
        return model, Average(model, arrays, state["averaged"])

    def save(self, model: Any, average: Average, entry: dict[str, Any]) -> None:
        """Write the state after an epoch; the files of the epoch before go last, so that a run
        killed at any moment finds a whole checkpoint.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"epoch-{len(self.history) + 1:03d}"
        model.save(self.folder / f"{stem}.keras")
        arrays: dict[str, Any] = {f"w{i:03d}": a for i, a in enumerate(average.arrays)}
        write_atomically(self.folder / f"{stem}.npz", lambda stream: np.savez(stream, **arrays))
        self.history.append(entry)
        state = {
            "choices": self.choices,
            "history": self.history,
            "averaged": average.updates,
        }
        write_json(self.folder / "state.json", state)
        for old in self.folder.glob("epoch-*"):
            if old.stem != stem:
                old.unlink()

    def start(self, model: Any) -> tuple[Any, Average]:
        """A fresh run from `model`."""
        return model, Average(model, weights.float_weights(model))
