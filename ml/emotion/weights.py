"""The committed network: half-precision weights beside a manifest that says what they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.artifacts import ArtifactError, read_manifest, sha256, verify, write_atomically, write_json
from ml.emotion.network import NetworkConfig, build

FORMAT = 1
HOME = Path(__file__).parent / "weights"
WEIGHTS_NAME = "expression.npz"
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a weights file is: its network, its calibration and where it comes from."""

    version: str
    weights_sha256: str
    network: NetworkConfig
    temperature: dict[str, float]
    unsure_below: float
    training: dict[str, Any]


def save(
    home: Path,
    weights: list[np.ndarray],
    *,
    network: NetworkConfig,
    temperature: dict[str, float],
    unsure_below: float,
    training: dict[str, Any],
) -> Manifest:
    """Write weights and manifest; the manifest last, so that a torn write never verifies."""
    path = home / WEIGHTS_NAME
    halves: dict[str, Any] = {
        f"w{index:03d}": w.astype(np.float16) for index, w in enumerate(weights)
    }
    write_atomically(path, lambda stream: np.savez_compressed(stream, **halves))
    digest = sha256(path)
    write_json(
        home / MANIFEST_NAME,
        {
            "format": FORMAT,
            "version": digest[:12],
            "weights_sha256": digest,
            "network": network.to_json(),
            "temperature": temperature,
            "unsure_below": unsure_below,
            "training": training,
        },
    )
    return manifest(home)


def manifest(home: Path = HOME) -> Manifest:
    """The manifest in `home`.

    Raises
    ------
    ArtifactError
        When it is missing or of another format.
    """
    raw = read_manifest(home / MANIFEST_NAME, format_version=FORMAT)
    return Manifest(
        version=raw["version"],
        weights_sha256=raw["weights_sha256"],
        network=NetworkConfig.from_json(raw["network"]),
        temperature=raw["temperature"],
        unsure_below=raw["unsure_below"],
        training=raw["training"],
    )


def check(home: Path = HOME) -> Manifest:
    """Verify the weights file against its manifest without loading a network.

    Raises
    ------
    ArtifactError
        When either file is missing, damaged or of another format.
    """
    found = manifest(home)
    verify(home / WEIGHTS_NAME, found.weights_sha256)
    return found


def load(home: Path = HOME) -> tuple[Any, Manifest]:
    """The Keras model with its weights, and its manifest.

    Raises
    ------
    ArtifactError
        When a file is missing, damaged, or does not fit the network it names.
    """
    found = check(home)
    model = build(found.network)
    with np.load(home / WEIGHTS_NAME, allow_pickle=False) as stored:
        arrays = [stored[name].astype(np.float32) for name in sorted(stored.files)]
    try:
        set_weights(model, arrays)
    except ValueError as error:
        raise ArtifactError(f"{home / WEIGHTS_NAME} does not fit its manifest: {error}") from error
    return model, found


def float_weights(model: Any) -> list[np.ndarray]:
    """The model's floating weights in order, as float32 arrays (random-number state left out)."""
    return [np.asarray(w.numpy() if hasattr(w, "numpy") else w) for w in float_variables(model)]


def float_variables(model: Any) -> list[Any]:
    """The model's floating variables in order."""
    return [v for v in model.variables if "float" in str(v.dtype)]


def set_weights(model: Any, arrays: list[np.ndarray]) -> None:
    """Put arrays into the model's floating variables.

    Raises
    ------
    ValueError
        When their number or a shape differs.
    """
    variables = float_variables(model)
    if len(variables) != len(arrays):
        raise ValueError(f"{len(arrays)} arrays for {len(variables)} variables")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
