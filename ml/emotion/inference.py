"""Logits of crops with mirror averaging, in batches: what evaluation and serving share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ml.emotion.labels import EMOTIONS
from ml.emotion.metrics import softmax
from ml.emotion.preprocess import prepare

Forward = Callable[[np.ndarray], dict[str, np.ndarray]]


def forward_of(model: Any) -> Forward:
    """A compiled forward pass: (n, 48, 48, 1) float32 to the heads' logits as arrays.

    It follows the model's weights when they change later. Under TensorFlow this is one
    `tf.function` with a fixed signature, which costs a fortieth of `model.predict` on single faces
    and does not grow with use; under JAX one jitted call, compiled once for each power of two.
    """
    import keras

    if keras.backend.backend() == "jax":
        return _jax_forward(model)
    import tensorflow as tf

    compiled = tf.function(
        lambda batch: model(batch, training=False),
        input_signature=[tf.TensorSpec((None, 48, 48, 1), tf.float32)],
    )

    def run(batch: np.ndarray) -> dict[str, np.ndarray]:
        return {name: value.numpy() for name, value in compiled(tf.constant(batch)).items()}

    return run


def _jax_forward(model: Any) -> Forward:
    import jax

    @jax.jit
    def compiled(trainable: Any, rest: Any, batch: Any) -> Any:
        return model.stateless_call(trainable, rest, batch, training=False)[0]

    def run(batch: np.ndarray) -> dict[str, np.ndarray]:
        # Every shape is compiled anew, so there must be few.
        size = 1 << (len(batch) - 1).bit_length()
        padded = np.concatenate([batch, np.zeros((size - len(batch), *batch.shape[1:]), "f4")])
        out = compiled(
            [variable.value for variable in model.trainable_variables],
            [variable.value for variable in model.non_trainable_variables],
            padded,
        )
        return {name: np.asarray(value)[: len(batch)] for name, value in out.items()}

    return run


def mirrored_logits(forward: Forward, crops: np.ndarray, batch: int = 256) -> dict[str, np.ndarray]:
    """Mean logits of each crop and its mirror image.

    Parameters
    ----------
    crops : (n, 48, 48) uint8.

    Returns
    -------
    {"fer2013": (n, 7), "ferplus": (n, 8)} float32.
    """
    parts: dict[str, list[np.ndarray]] = {}
    for start in range(0, len(crops), batch):
        x = prepare(crops[start : start + batch])
        out = forward(np.concatenate([x, x[:, :, ::-1]]))
        for name, value in out.items():
            parts.setdefault(name, []).append((value[: len(x)] + value[len(x) :]) / 2)
    return {name: np.concatenate(values) for name, values in parts.items()}


def served_probabilities(ferplus_logits: np.ndarray, temperature: float) -> np.ndarray:
    """(n, 7) calibrated probabilities of the seven emotions: contempt is dropped and the rest
    rescaled to sum to 1.
    """
    seven: np.ndarray = softmax(ferplus_logits[:, : len(EMOTIONS)], temperature)
    return seven
