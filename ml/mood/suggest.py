"""Moods of a song from its features, by a small network of which the numbers lie in a file.

Needs numpy only. Suggestions are for curators to check: the model says nothing where it is not
sure, and never speaks of moods that no real songs were at hand to test it on.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.artifacts import ArtifactError, read_manifest, write_json

FORMAT = 1
#: The model that comes with MoodMusic.
HOME = Path(__file__).parent / "weights" / "song_moods.json"
#: What was measured of it, as `python -m ml.mood card` found it.
FIGURES = HOME.with_name("song_moods_figures.json")
#: Standard deviations; one odd measurement must not decide.
CLIP = 3.0
#: Share of a model's features that a song must have.
LEAST_KNOWN = 0.6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model says of a song.

    Attributes
    ----------
    probabilities : {mood: 0..1}, summing to 1; {} where too little is known of the song
    moods : {mood: confidence} of those it suggests; {} where it is unsure
    """

    probabilities: dict[str, float]
    moods: dict[str, float]

    @property
    def unsure(self) -> bool:
        return not self.moods


@dataclass(frozen=True, slots=True)
class Suggester:
    """A fitted model.

    Attributes
    ----------
    features : d names, as tables use them
    centre, scale : (d,) of songs in general: what is average, and how far songs lie about it
    layers : of each network [(weights, bias), ...]; the networks' probabilities are averaged
    moods : k names in the order of the outputs
    suggested : those of them it may suggest
    temperature : the logits are divided by it, so that confidence means what it says
    unsure_below : the least probability at which a mood is suggested
    name : for the judgements it makes
    """

    features: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray
    networks: tuple[tuple[tuple[np.ndarray, np.ndarray], ...], ...]
    moods: tuple[str, ...]
    suggested: frozenset[str]
    temperature: float
    unsure_below: float
    name: str

    @classmethod
    def load(cls, path: Path = HOME) -> Suggester:
        """Read a model and check it against the hash it carries.

        Raises
        ------
        ArtifactError
            when the file is missing, damaged or of another format.
        """
        found = read_manifest(path, format_version=FORMAT)
        numbers = found.get("numbers", {})
        if digest(numbers) != found.get("sha256"):
            raise ArtifactError(
                f"{path} is damaged: its numbers are not those it was written with. Restore the "
                "file from the release, or fit it again (python -m ml.mood fit)."
            )
        return cls.of(numbers, name=f"song-moods {found['sha256'][:12]}")

    @classmethod
    def of(cls, numbers: Mapping[str, Any], *, name: str) -> Suggester:
        """A model of its numbers, as `ml.mood.told.fit` makes them."""
        return cls(
            features=tuple(numbers["features"]),
            centre=np.array(numbers["centre"]),
            scale=np.array(numbers["scale"]),
            networks=tuple(
                tuple((np.array(weights), np.array(bias)) for weights, bias in network)
                for network in numbers["networks"]
            ),
            moods=tuple(numbers["moods"]),
            suggested=frozenset(numbers["suggested"]),
            temperature=float(numbers["temperature"]),
            unsure_below=float(numbers["unsure_below"]),
            name=name,
        )

    def probabilities(self, values: np.ndarray) -> np.ndarray:
        """(n, k) of songs' features (n, d) in the model's order; NaN counts as average."""
        scaled = np.nan_to_num((values - self.centre) / self.scale, nan=0.0)
        scaled = np.clip(scaled, -CLIP, CLIP)
        total = np.zeros((len(values), len(self.moods)))
        for network in self.networks:
            at = scaled
            for weights, bias in network[:-1]:
                at = np.maximum(at @ weights + bias, 0.0)
            weights, bias = network[-1]
            logits = (at @ weights + bias) / self.temperature
            grown = np.exp(logits - logits.max(axis=1, keepdims=True))
            total += grown / grown.sum(axis=1, keepdims=True)
        return total / len(self.networks)

    def suggest(self, features: Mapping[str, Any]) -> Suggestion:
        """The moods of one song: those as likely as `unsure_below`, at most one while that is
        above a half.
        """
        row = np.array([_number(features.get(name)) for name in self.features])
        if np.isfinite(row).mean() < LEAST_KNOWN:
            return Suggestion({}, {})
        shares = self.probabilities(row[None])[0]
        told = dict(zip(self.moods, shares.tolist(), strict=True))
        return Suggestion(
            told,
            {
                mood: share
                for mood, share in told.items()
                if mood in self.suggested and share >= self.unsure_below
            },
        )


def write(path: Path, numbers: dict[str, Any], about: dict[str, Any]) -> None:
    """Write a model, atomically, with the hash of its numbers and what is known about it."""
    whole = {"format": FORMAT, "numbers": numbers, "sha256": digest(numbers), "about": about}
    write_json(path, whole)


def digest(numbers: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a model's numbers."""
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) < 1e30 else math.nan
    return math.nan
