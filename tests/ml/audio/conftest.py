"""Pieces rendered once for all tests of this folder."""

from __future__ import annotations

import random

import pytest

from ml.audio.catalogue import MOOD_POINTS, PieceSpec, pieces
from ml.audio.compose import compose
from ml.audio.instruments import Samples
from ml.audio.score import Score
from ml.audio.synth import render


@pytest.fixture(scope="package")
def scores() -> dict[str, Score]:
    """Return every piece's score by slug."""
    return {spec.slug: compose(spec) for spec in pieces()}


@pytest.fixture(scope="package")
def sample() -> list[PieceSpec]:
    """Return one piece of each mood, chosen with a fixed seed."""
    roll = random.Random(20)
    return [roll.choice([s for s in pieces() if s.mood == mood]) for mood in MOOD_POINTS]


@pytest.fixture(scope="package")
def rendered(sample: list[PieceSpec], scores: dict[str, Score]) -> dict[str, Samples]:
    """Return the samples of the sample pieces by slug."""
    return {spec.slug: render(scores[spec.slug]) for spec in sample}
