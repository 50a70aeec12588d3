"""GPU or processor, and GPU memory: what the frameworks are told, in place of a real GPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from ml.emotion.device import Device
from tests.process import BASE_DIR


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """TensorFlow with two GPUs that notes what it is told."""
    import tensorflow as tf

    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [f"{kind}:0", f"{kind}:1"])
    monkeypatch.setattr(
        tf.config,
        "set_visible_devices",
        lambda devices, kind: calls.append(("visible", devices, kind)),
    )
    monkeypatch.setattr(
        tf.config.experimental,
        "set_memory_growth",
        lambda gpu, grow: calls.append(("growth", gpu, grow)),
    )
    monkeypatch.setattr(
        tf.config,
        "LogicalDeviceConfiguration",
        lambda memory_limit: SimpleNamespace(memory_limit=memory_limit),
    )
    monkeypatch.setattr(
        tf.config,
        "set_logical_device_configuration",
        lambda gpu, parts: calls.append(("limit", gpu, [part.memory_limit for part in parts])),
    )
    return calls


def test_memory_grows_with_need_on_every_gpu(told: list[tuple[Any, ...]]) -> None:
    Device().prepare()
    assert told == [("growth", "GPU:0", True), ("growth", "GPU:1", True)]


def test_a_limit_is_set_on_every_gpu(told: list[tuple[Any, ...]]) -> None:
    Device(memory_mb=2048).prepare()
    assert told == [("limit", "GPU:0", [2048]), ("limit", "GPU:1", [2048])]


def test_without_a_gpu_none_is_shown(told: list[tuple[Any, ...]]) -> None:
    Device(gpu=False, memory_mb=2048).prepare()
    assert told == [("visible", [], "GPU")]


def test_a_gpu_in_use_stays_as_it_is_and_is_told(
    told: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import tensorflow as tf

    def too_late(gpu: str, grow: bool) -> None:
        raise RuntimeError("already initialised")

    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", too_late)
    Device().prepare()
    assert "in use already" in caplog.text


JAX = """
import json, os
from ml.emotion.device import Device, names
Device(gpu=False).prepare()
print(json.dumps([os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"], names()]))
"""


def test_jax_takes_memory_piece_by_piece_and_keeps_off_the_gpu() -> None:
    pytest.importorskip("jax")
    done = subprocess.run(
        [sys.executable, "-c", JAX],
        cwd=BASE_DIR,
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    preallocate, devices = json.loads(done.stdout.splitlines()[-1])
    assert preallocate == "false"
    assert all("cpu" in name.lower() for name in devices)
