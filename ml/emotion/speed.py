"""How large the network is and how fast it reads crops."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import device, weights
from ml.emotion.inference import forward_of, mirrored_logits
from ml.emotion.network import NetworkConfig, build

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
    for batch in BATCHES:
        ms = _median_ms(forward, batch, seconds)
        batches[str(batch)] = {"ms": ms, "faces_per_second": round(batch * 1000 / ms, 1)}
    return {
        "version": manifest.version,
        **size(model),
        "backend": keras.backend.backend(),
        "devices": device.names(),
        "batches": batches,
    }


def size(model: Any) -> dict[str, Any]:
    """`parameters`, and `mmac`: millions of multiply-adds of one 48 px crop."""
    return {
        "parameters": int(model.count_params()),
        "mmac": round(multiply_adds(model) / 1e6, 1),
    }


def shape(network: NetworkConfig, *, seconds: float = SECONDS) -> dict[str, Any]:
    """Size of an untrained network, and `ms` for one crop read alone, mirror averaging included:
    training changes neither.
    """
    model = build(network)
    return {**size(model), "ms": _median_ms(forward_of(model), 1, seconds)}


def _median_ms(forward: Any, batch: int, seconds: float) -> float:
    crops = np.random.default_rng(batch).integers(0, 256, (batch, 48, 48), dtype=np.uint8)
    mirrored_logits(forward, crops)  # compile
    times: list[float] = []
    while sum(times) < seconds or len(times) < 3:
        started = time.perf_counter()
        mirrored_logits(forward, crops)
        times.append(time.perf_counter() - started)
    return round(float(np.median(times)) * 1000, 2)
