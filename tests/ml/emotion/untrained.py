"""A small network that has learnt nothing: for everything but the sense of a reading."""

from __future__ import annotations

from pathlib import Path

from ml.emotion import weights
from ml.emotion.network import NetworkConfig, build


def save_untrained(home: Path, *, unsure_below: float, temperature: float = 1.0) -> Path:
    """Write its weights, the same ones every time, in the product's own format; returns `home`."""
    import keras

    keras.utils.set_random_seed(5)
    config = NetworkConfig(widths=(8, 8, 16, 16), blocks=(1, 1, 1, 1))
    weights.save(
        home,
        weights.float_weights(build(config)),
        network=config,
        temperature={"fer2013": 1.0, "ferplus": temperature},
        unsure_below=unsure_below,
        training={},
    )
    return home
