"""The expression network: a small residual CNN with two heads on one trunk.

The `fer2013` head speaks the labels of FER2013 (for comparison with other systems); the `ferplus`
head speaks the FER+ votes, which agree better with the pictures, and is the one served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml.emotion.labels import EMOTIONS, FERPLUS_HEAD


@dataclass(frozen=True)
class NetworkConfig:
    """Widths and residual blocks of the four stages; `dropout` before the heads."""

    widths: tuple[int, ...] = (48, 96, 192, 384)
    blocks: tuple[int, ...] = (1, 2, 2, 1)
    dropout: float = 0.3

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"widths": list(self.widths), "blocks": list(self.blocks), "dropout": self.dropout}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> NetworkConfig:
        return cls(tuple(values["widths"]), tuple(values["blocks"]), float(values["dropout"]))


def build(config: NetworkConfig) -> Any:
    """A Keras model from (n, h, w, 1) float32 to `{"fer2013": (n, 7), "ferplus": (n, 8)}` logits.

    Any height and width from 32 upwards work with the same weights (global average pooling), so
    early epochs can run on smaller crops. Logits are float32 whatever Keras' dtype policy.
    """
    from keras import Input, Model, layers

    def convolution(x: Any, width: int, stride: int = 1, size: int = 3) -> Any:
        return layers.Conv2D(
            width,
            size,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
        )(x)

    def normalised(x: Any) -> Any:
        return layers.BatchNormalization(momentum=0.95)(x)

    def block(x: Any, width: int, stride: int) -> Any:
        shortcut = x
        if stride != 1 or x.shape[-1] != width:
            if stride != 1:
                shortcut = layers.AveragePooling2D(stride, padding="same")(shortcut)
            shortcut = normalised(convolution(shortcut, width, size=1))
        y = layers.ReLU()(normalised(convolution(x, width, stride)))
        y = normalised(convolution(y, width))
        return layers.ReLU()(layers.Add()([y, shortcut]))

    inputs = Input((None, None, 1), name="crop")
    x = layers.ReLU()(normalised(convolution(inputs, config.widths[0], stride=2)))
    for stage, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
        for index in range(count):
            x = block(x, width, stride=2 if stage and not index else 1)
    x = layers.Dropout(config.dropout)(layers.GlobalAveragePooling2D()(x))
    return Model(
        inputs,
        {
            "fer2013": layers.Dense(len(EMOTIONS), name="fer2013", dtype="float32")(x),
            "ferplus": layers.Dense(len(FERPLUS_HEAD), name="ferplus", dtype="float32")(x),
        },
        name="expression",
    )
