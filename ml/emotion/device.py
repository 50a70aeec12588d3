"""Where the network runs: GPU or processor, and how much of a GPU's memory it may take."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Device:
    """What a process may use; both frameworks take nearly all of a GPU's memory if let.

    Parameters
    ----------
    gpu : whether a GPU is used where there is one.
    memory_mb : most GPU memory to take, MiB; None lets it grow with need (TensorFlow) or allocates
        piece by piece (JAX).
    """

    gpu: bool = True
    memory_mb: int | None = None

    def prepare(self) -> None:
        """Set up Keras' backend; call it before the process runs its first operation.

        A GPU that something in this process already uses stays as it is, with a warning.
        """
        import keras

        if keras.backend.backend() == "tensorflow":
            self._tensorflow()
        elif keras.backend.backend() == "jax":
            self._jax()

    def _tensorflow(self) -> None:
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        try:
            if not self.gpu:
                tf.config.set_visible_devices([], "GPU")
                return
            for gpu in gpus:
                if self.memory_mb is None:
                    tf.config.experimental.set_memory_growth(gpu, True)
                else:
                    limit = tf.config.LogicalDeviceConfiguration(memory_limit=self.memory_mb)
                    tf.config.set_logical_device_configuration(gpu, [limit])
        except RuntimeError as error:
            logger.warning("The GPU is in use already and stays as it is: %s", error)

    def _jax(self) -> None:
        # Read when JAX first looks for devices, which importing it does not do.
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        import jax

        if not self.gpu:
            jax.config.update("jax_platforms", "cpu")
        elif self.memory_mb is not None:
            total = _gpu_memory_mb()
            if total:
                share = min(0.99, self.memory_mb / total)
                os.environ["XLA_PYTHON_CLIENT_MEM_FRACTION"] = f"{share:.3f}"


def _gpu_memory_mb() -> int | None:
    """Memory of the smallest NVIDIA GPU, MiB, from the driver; None without one."""
    import subprocess

    try:
        told = subprocess.run(
            ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    sizes = [int(line) for line in told.split() if line.isdigit()]
    return min(sizes, default=None)


def names() -> list[str]:
    """Devices the backend computes on, in its own words."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return [str(device) for device in jax.devices()]
    import tensorflow as tf

    found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return [device.name for device in found]
