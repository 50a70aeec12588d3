"""The network as the product uses it: loaded once, locked, calibrated."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from ml.emotion import weights
from ml.emotion.device import Device
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.labels import EMOTIONS

#: Crops in the warm-up calls: JAX compiles each of these once, and pads what lies between.
_WARM_UP_SIZES = (1, 2, 4, 8)


class Predictor:
    """Calibrated probabilities of the seven emotions from aligned face crops.

    Loading takes seconds and some 300 MB, so a process keeps one. Never create it before a fork:
    a child that inherits TensorFlow's threads hangs.

    Parameters
    ----------
    home : folder with the weights and their manifest (`ml.emotion.weights`).
    device : where it may run; by default a GPU where there is one, taking memory as needed.

    Attributes
    ----------
    version : first 12 hex digits of the weights' sha256.
    unsure_below : top probability, 0..1, below which a reading should be called unsure.

    Raises
    ------
    ml.artifacts.ArtifactError
        When a file is missing, damaged or does not fit its manifest.
    """

    def __init__(self, home: Path = weights.HOME, *, device: Device | None = None) -> None:
        found = weights.check(home)  # before TensorFlow loads: a bad file is told at once
        (device or Device()).prepare()
        model, _ = weights.load(home)
        self.version: str = found.version
        self.unsure_below: float = found.unsure_below
        self._temperature = found.temperature["ferplus"]
        self._forward = forward_of(model)
        self._lock = threading.Lock()

    def probabilities(self, crops: np.ndarray) -> np.ndarray:
        """Read crops; calls from several threads take turns.

        Parameters
        ----------
        crops : (n, 48, 48) uint8 grey, as `ml.faces.align` gives them.

        Returns
        -------
        (n, 7) float32 in the order of `ml.emotion.labels.EMOTIONS`, rows summing to 1; (0, 7)
        for no crops.

        Raises
        ------
        ValueError
            When the shape or the type is another.
        """
        if crops.ndim != 3 or crops.shape[1:] != (48, 48) or crops.dtype != np.uint8:
            raise ValueError(f"crops must be (n, 48, 48) uint8, got {crops.shape} {crops.dtype}")
        if not len(crops):
            return np.empty((0, len(EMOTIONS)), np.float32)
        with self._lock:
            logits = mirrored_logits(self._forward, crops)
        return served_probabilities(logits["ferplus"], self._temperature).astype(np.float32)

    def warm_up(self) -> None:
        """Compile and run the network once, so that the first listener does not wait for it."""
        for size in _WARM_UP_SIZES:
            self.probabilities(np.zeros((size, 48, 48), np.uint8))
