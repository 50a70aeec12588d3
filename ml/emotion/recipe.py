"""All choices of one training run, and what they compile to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """`phases` is ((epochs, crop side in pixels), ...): small crops first buy most of the early
    epochs for a third of the time.
    """

    phases: tuple[tuple[int, int], ...] = ((26, 32), (8, 40), (22, 48))
    batch: int = 128
    peak_rate: float = 0.1
    weight_decay: float = 4e-3
    label_smoothing: float = 0.1
    #: "mixed_bfloat16" nearly doubles the speed where the processor has bfloat16 products (AVX-512
    #: BF16, AMX, GPUs); weights stay float32.
    precision: str = "float32"
    seed: int = 20261121

    @property
    def sides(self) -> list[int]:
        """Crop side of each epoch."""
        return [side for epochs, side in self.phases for _ in range(epochs)]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "phases": [list(phase) for phase in self.phases]}

    def compile(self, model: Any, total_steps: int) -> None:
        """Give `model` its optimiser and losses: one warm-up, then a cosine to almost zero."""
        import keras

        falling = int(total_steps * 0.85)
        rate = keras.optimizers.schedules.CosineDecay(
            self.peak_rate / 25,
            decay_steps=falling,
            alpha=0.002,
            warmup_target=self.peak_rate,
            warmup_steps=total_steps - falling,
        )
        optimizer = keras.optimizers.SGD(
            rate, momentum=0.9, nesterov=True, weight_decay=self.weight_decay, clipnorm=5.0
        )
        optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
        cross_entropy = keras.losses.CategoricalCrossentropy
        model.compile(
            optimizer,
            loss={
                "fer2013": cross_entropy(from_logits=True, label_smoothing=self.label_smoothing),
                "ferplus": cross_entropy(from_logits=True),
            },
            # XLA halves the speed of this network on CPUs under TensorFlow (measured).
            jit_compile=keras.backend.backend() != "tensorflow",
        )
