"""Training the expression network on FER2013 and FER+, from scratch and reproducibly."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import data, weights
from ml.emotion.batches import epoch_batches
from ml.emotion.calibrate import fit_temperature, unsure_threshold
from ml.emotion.checkpoint import Checkpoint
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.labels import EMOTIONS
from ml.emotion.network import NetworkConfig, build
from ml.emotion.recipe import Recipe


def train(
    *,
    fer2013: Path,
    ferplus: Path,
    home: Path,
    checkpoint: Path,
    recipe: Recipe,
    network: NetworkConfig,
    report: Callable[[dict[str, Any]], None] = lambda entry: None,
) -> weights.Manifest:
    """Train on Training rows, calibrate on PublicTest, write weights and manifest into `home`.

    A run that was stopped goes on from `checkpoint` when called again with the same choices.
    `report` is called after each epoch with its loss, PublicTest accuracies and seconds.

    Raises
    ------
    ml.emotion.data.DataError
        When a data file is not what it should be.
    """
    import keras

    faces, votes = data.read_fer2013(fer2013), data.read_ferplus(ferplus)
    training, training_votes = data.paired(faces, votes, "Training")
    public, public_votes = data.paired(faces, votes, "PublicTest")
    public_seven = public_votes.seven_labels()

    keras.utils.set_random_seed(recipe.seed)
    run = Checkpoint(checkpoint, {"recipe": recipe.to_json(), "network": network.to_json()})
    found = run.resume()
    if found is None:
        with dtype_policy(recipe.precision):
            model = build(network)
        steps = math.ceil(len(training.labels) / recipe.batch)
        recipe.compile(model, total_steps=steps * len(recipe.sides))
        found = run.start(model)
    model, average = found
    forward = forward_of(model)

    for epoch in range(len(run.history), len(recipe.sides)):
        started = time.monotonic()
        fitted = model.fit(
            epoch_batches(training, training_votes, recipe, epoch),
            initial_epoch=epoch,
            epochs=epoch + 1,
            callbacks=[average.callback()],
        )
        with average.applied():
            logits = mirrored_logits(forward, public.pixels)
        entry = {
            "epoch": epoch + 1,
            "side": recipe.sides[epoch],
            "loss": round(float(fitted.history["loss"][0]), 4),
            "public_accuracy": _accuracy(logits["fer2013"], public.labels),
            "public_ferplus7": _accuracy(logits["ferplus"], public_seven),
            "seconds": round(time.monotonic() - started),
        }
        run.save(model, average, entry)
        report(entry)

    with average.applied():
        logits = mirrored_logits(forward, public.pixels)
        final = weights.float_weights(model)
    temperature = {
        "fer2013": _temperature(logits["fer2013"], public.labels),
        "ferplus": _temperature(logits["ferplus"], public_seven),
    }
    served = served_probabilities(logits["ferplus"][public_seven >= 0], temperature["ferplus"])
    return weights.save(
        home,
        final,
        network=network,
        temperature=temperature,
        unsure_below=unsure_threshold(served),
        training={
            "recipe": recipe.to_json(),
            "history": run.history,
            "versions": {
                "keras": keras.__version__,
                "backend": keras.backend.backend(),
                "numpy": np.__version__,
            },
        },
    )


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Layers made inside follow this Keras dtype policy."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _seven(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the seven emotions and labels, on rows that have one."""
    known = labels >= 0
    return logits[known][:, : len(EMOTIONS)], labels[known]


def _accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    seven, known = _seven(logits, labels)
    return round(float((seven.argmax(axis=1) == known).mean()), 4)


def _temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    seven, known = _seven(logits, labels)
    return fit_temperature(seven, np.eye(len(EMOTIONS))[known])
