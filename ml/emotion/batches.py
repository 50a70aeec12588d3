"""Shuffled, augmented training batches; the same seed and epoch give the same batches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ml.emotion.augment import augment
from ml.emotion.data import Faces, Votes
from ml.emotion.labels import EMOTIONS
from ml.emotion.preprocess import prepare
from ml.emotion.recipe import Recipe


def epoch_batches(faces: Faces, votes: Votes, recipe: Recipe, epoch: int) -> Any:
    """A Keras dataset of `(crops, targets of both heads, weights of both heads)` for one epoch."""
    import keras

    soft, voted = votes.head_targets()
    one_hot = np.eye(len(EMOTIONS), dtype=np.float32)[faces.labels]
    order = np.random.default_rng((recipe.seed, epoch)).permutation(len(faces.labels))

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return math.ceil(len(order) / recipe.batch)

        def __getitem__(self, index: int) -> Any:
            rows = order[index * recipe.batch : (index + 1) * recipe.batch]
            rng = np.random.default_rng((recipe.seed, epoch, index))
            return (
                prepare(augment(faces.pixels[rows], recipe.sides[epoch], rng)),
                {"fer2013": one_hot[rows], "ferplus": soft[rows]},
                {"fer2013": np.ones(len(rows), np.float32), "ferplus": voted[rows]},
            )

    return Batches(workers=1, use_multiprocessing=False)
