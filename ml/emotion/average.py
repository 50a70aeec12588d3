"""Exponential moving average of a model's weights, kept outside the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ml.emotion import weights

#: Greatest share of the average kept at each update, and training steps between two updates.
DECAY = 0.984
EVERY_STEPS = 8


class Average:
    """The averaged weights of `model`; training goes on with its own."""

    def __init__(self, model: Any, arrays: list[np.ndarray], updates: int = 0) -> None:
        self.model, self.updates = model, updates
        self.arrays = [np.array(array, dtype=np.float32) for array in arrays]

    def update(self) -> None:
        """Move the average towards the model's present weights."""
        self.updates += 1
        # Short at first, so that the random start is soon forgotten.
        decay = min(DECAY, self.updates / (self.updates + 9))
        for mean, now in zip(self.arrays, weights.float_weights(self.model), strict=True):
            mean += (1 - decay) * (now - mean)

    def callback(self) -> Any:
        """A Keras callback that updates the average every few steps."""
        import keras

        def on_batch(step: int, logs: Any) -> None:
            if step % EVERY_STEPS == 0:
                if keras.backend.backend() == "jax":
                    # Under JAX the variables lag behind the training state until asked.
                    self.model.jax_state_sync()
                self.update()

        return keras.callbacks.LambdaCallback(on_train_batch_end=on_batch)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """While inside, the model carries the averaged weights."""
        kept = weights.float_weights(self.model)
        weights.set_weights(self.model, self.arrays)
        try:
            yield
        finally:
            weights.set_weights(self.model, kept)
