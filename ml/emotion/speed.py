"""How large the network is and how fast it reads crops."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import device, weights
from ml.emotion.inference import forward_of, mirrored_logits

BATCHES = (1, 32, 256)
#: Seconds each batch size is measured for, after warming up.
SECONDS = 2.0


def multiply_adds(model: Any, side: int = 48) -> int:
    """Multiply-accumulate operations of one crop of `side` pixels through a functional Keras
    model: its convolutions (depthwise ones left out) and dense layers, at their output sizes.
    """
    import keras

    fixed = keras.models.clone_model(
        model,
        input_tensors=keras.tree.map_structure(lambda _: keras.Input((side, side, 1)), model.input),
    )
    return sum(
        int(np.prod(layer.kernel.shape)) * int(np.prod(layer.output.shape[1:-1]))
        for layer in fixed.layers
        if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense)
    )


def measure(home: Path = weights.HOME, *, seconds: float = SECONDS) -> dict[str, Any]:
    """Size and speed of the network in `home`, mirror averaging included.

    Returns
    -------
    dict
        version; parameters; mmac (millions of multiply-adds of one forward pass, 48 px; a reading
        takes two); backend; devices; batches {size: {ms, faces_per_second}}, medians over
        `seconds` each.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    import keras

    device.Device().prepare()
    model, manifest = weights.load(home)
    forward = forward_of(model)
    batches: dict[str, dict[str, float]] = {}
    for size in BATCHES:
        crops = np.random.default_rng(size).integers(0, 256, (size, 48, 48), dtype=np.uint8)
        mirrored_logits(forward, crops)  # compile
        times: list[float] = []
        while sum(times) < seconds or len(times) < 3:
            started = time.perf_counter()
            mirrored_logits(forward, crops)
            times.append(time.perf_counter() - started)
        median = float(np.median(times))
        batches[str(size)] = {
            "ms": round(median * 1000, 2),
            "faces_per_second": round(size / median, 1),
        }
    return {
        "version": manifest.version,
        "parameters": int(model.count_params()),
        "mmac": round(multiply_adds(model) / 1e6, 1),
        "backend": keras.backend.backend(),
        "devices": device.names(),
        "batches": batches,
    }
