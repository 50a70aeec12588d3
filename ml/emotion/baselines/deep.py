"""Other networks, trained from scratch by the expression network's own recipe and budget."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.emotion import weights
from ml.emotion.average import Average
from ml.emotion.baselines.task import Found, Say, Task
from ml.emotion.batches import epoch_batches
from ml.emotion.calibrate import fit_temperature
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.labels import EMOTIONS, FERPLUS_HEAD
from ml.emotion.metrics import softmax
from ml.emotion.network import NetworkConfig, build
from ml.emotion.recipe import Recipe
from ml.emotion.speed import multiply_adds, size
from ml.emotion.train import dtype_policy

#: A training step counts as three forward passes: one forward, two backward.
PASSES = 3
#: Steps that tell how fast this machine trains a network, after one that compiles.
PROBE_STEPS = 5


@dataclass(frozen=True)
class Deep:
    """`build` makes the untrained network for a task, with the expression network's heads; a
    `peak_rate` of its own replaces the recipe's where it would not learn with that.
    """

    words: str
    build: Callable[[Task], Any]
    peak_rate: float | None = None

    def fit(self, task: Task, say: Say) -> Found:
        """Train on Training rows; read the tested rows mirror averaged and calibrated on them, as
        the expression network is.
        """
        import keras

        keras.utils.set_random_seed(task.recipe.seed)
        with dtype_policy(task.recipe.precision):
            recipe = affordable(lambda: self.build(task), task)
            model = self.build(task)
        if self.peak_rate is not None:
            recipe = replace(recipe, peak_rate=self.peak_rate)
        steps = math.ceil(len(task.training.labels) / recipe.batch)
        recipe.compile(model, total_steps=steps * len(recipe.sides))
        average = Average(model, weights.float_weights(model))
        started = time.monotonic()
        for epoch, side in enumerate(recipe.sides):
            fitted = model.fit(
                epoch_batches(task.training, task.votes, recipe, epoch),
                initial_epoch=epoch,
                epochs=epoch + 1,
                callbacks=[average.callback()],
                verbose=0,
            )
            loss = fitted.history["loss"][0]
            say(f"epoch {epoch + 1} of {len(recipe.sides)}, {side} px: loss {loss:.4f}")
        seconds = time.monotonic() - started

        with average.applied():
            logits = mirrored_logits(forward_of(model), task.tested.pixels)
            learned = weights.float_weights(model)
        theirs, seven = task.tested.labels, task.tested_votes.seven_labels()
        return Found(
            fer2013=softmax(logits["fer2013"], _temperature(logits["fer2013"], theirs)),
            served=served_probabilities(logits["ferplus"], _temperature(logits["ferplus"], seven)),
            calibrated=True,
            arrays=learned,
            facts={
                **size(model),
                "peak_rate": recipe.peak_rate,
                "phases": [list(phase) for phase in recipe.phases],
                "training_seconds": round(seconds),
                "budget_share": round(
                    cost(model, recipe) / cost(build(task.network), task.recipe), 3
                ),
                "budget_minutes": task.minutes,
            },
        )


def affordable(make: Callable[[], Any], task: Task) -> Recipe:
    """The task's recipe with as many epochs as its budget buys the network that `make` builds:
    all phases stretched or shortened alike, one epoch at least.
    """
    recipe = task.recipe
    share = cost(build(task.network), recipe) / cost(make(), recipe)
    if task.minutes is not None:
        seconds = sum(epochs * _epoch_seconds(make(), task, side) for epochs, side in recipe.phases)
        share = min(share, task.minutes * 60 / seconds)
    phases = tuple((int(epochs * share), side) for epochs, side in recipe.phases)
    return replace(
        recipe,
        phases=tuple(phase for phase in phases if phase[0]) or ((1, recipe.sides[-1]),),
    )


def cost(model: Any, recipe: Recipe) -> float:
    """Multiply-adds of training on one crop through all epochs of a recipe."""
    return float(PASSES * sum(multiply_adds(model, side) * n for n, side in recipe.phases))


def _epoch_seconds(model: Any, task: Task, side: int) -> float:
    """Seconds of one epoch on this machine with nothing else to do, from a few of its steps:
    processor time is counted, so that other work does not cost the network its epochs.
    """
    recipe = replace(task.recipe, phases=((1, side),))
    batches = epoch_batches(task.training, task.votes, recipe, 0)
    recipe.compile(model, total_steps=100)
    model.train_on_batch(*batches[0])
    started = time.process_time()
    for _ in range(PROBE_STEPS):
        model.train_on_batch(*batches[0])
    spent = (time.process_time() - started) / (os.cpu_count() or 1)
    return spent / PROBE_STEPS * len(batches)


def _temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    rows = labels >= 0
    return fit_temperature(logits[rows][:, : len(EMOTIONS)], np.eye(len(EMOTIONS))[labels[rows]])


def _input() -> Any:
    from keras import Input

    return Input((None, None, 1), name="crop")


def _with_heads(inputs: Any, features: Any) -> Any:
    """The two heads of the expression network, after its dropout."""
    from keras import Model, layers

    x = layers.Dropout(NetworkConfig().dropout)(features)
    return Model(
        inputs,
        {
            "fer2013": layers.Dense(len(EMOTIONS), name="fer2013", dtype="float32")(x),
            "ferplus": layers.Dense(len(FERPLUS_HEAD), name="ferplus", dtype="float32")(x),
        },
    )


def plain_cnn() -> Any:
    """Eight 3x3 convolutions in four stages of 32 to 256 channels, each ended by pooling."""
    from keras import layers

    inputs = x = _input()
    for width in (32, 64, 128, 256):
        for _ in range(2):
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
        x = layers.MaxPooling2D()(x)
    return _with_heads(inputs, layers.GlobalAveragePooling2D()(x))


def resnet50v2() -> Any:
    """ResNet50V2 (He et al., ECCV 2016) as Keras ships it, for one grey channel."""
    import keras

    inputs = _input()
    trunk = keras.applications.ResNet50V2(
        include_top=False, weights=None, input_tensor=inputs, pooling="avg"
    )
    return _with_heads(inputs, trunk.output)


PLAIN_CNN = Deep("Plain CNN: eight convolutions, no shortcuts", lambda task: plain_cnn())
#: With the recipe's rate of .1, and with .02, its loss has not fallen after three epochs: of a
#: 32 px crop its last stage has one pixel, and 2,048 features not averaged overshoot in the heads.
RESNET50V2 = Deep("ResNet50V2 from scratch", lambda task: resnet50v2(), peak_rate=0.004)
#: What the shape of the network alone is worth where minutes cut the budget of all.
SAME_SHAPE = Deep("This network's shape, trained anew", lambda task: build(task.network))
