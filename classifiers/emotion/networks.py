"""The networks that read an expression from a grey face: float 0..255 `[N, 48, 48, 1]` to logits `[N, 6]`."""

from __future__ import annotations

from typing import Any

from classifiers.emotion.labels import LABELS
from search import runtime
from search.errors import UsageError

SIZE = 48
"""Height and width of a face in pixels."""
STAGES = ((48, 1), (96, 2), (160, 2), (256, 1))
"""Filters and residual blocks of each stage of `residual`, at 24, 12, 6 and 3 pixels a side."""


def build(arch: str) -> Any:
    """A fresh Keras model, `residual` or `cookbook`. Raises UsageError for another name."""
    makers = {"residual": residual, "cookbook": cookbook}
    if arch not in makers:
        raise UsageError(f"There is no network {arch}.", f"Name one of {', '.join(makers)}.")
    return makers[arch]()


def cookbook() -> Any:
    """Three blocks of two convolutions (32, 64, 128), two dense layers of 64, ELU, batch norm and dropout.

    The network of the TensorFlow 2.0 Computer Vision Cookbook (Packt 2021, chapter 11), for 65.7 % there.
    """
    keras = runtime.keras()
    layers = keras.layers

    def weighted(layer: Any, x: Any) -> Any:
        return layers.BatchNormalization()(layers.ELU()(layer(x)))

    picture = keras.Input((SIZE, SIZE, 1), name="face")
    x = layers.Rescaling(1 / 255)(picture)
    for filters in (32, 64, 128):
        for _ in range(2):
            x = weighted(layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal"), x)
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dropout(0.5)(weighted(layers.Dense(64, kernel_initializer="he_normal"), x))
    logits = layers.Dense(len(LABELS), kernel_initializer="he_normal", dtype="float32", name="logits")(x)
    return keras.Model(picture, logits, name="cookbook")


def residual() -> Any:
    """A narrow residual network (He et al., arXiv 1512.03385) that begins at half size: space to depth, as in S3D.

    Each face is brought to mean 0 and variance 1 first, which takes the light out.
    """
    keras = runtime.keras()
    layers = keras.layers
    picture = keras.Input((SIZE, SIZE, 1), name="face")
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False, dtype="float32")(picture)
    half = SIZE // 2
    x = layers.Permute((1, 3, 2, 4))(layers.Reshape((half, 2, half, 2))(x))
    x = _convolution(layers.Reshape((half, half, 4))(x), STAGES[0][0])
    for stage, (filters, blocks) in enumerate(STAGES):
        for block in range(blocks):
            x = _block(x, filters, stride=2 if stage and not block else 1)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    logits = layers.Dense(len(LABELS), dtype="float32", name="logits")(x)
    return keras.Model(picture, logits, name="residual")


def _convolution(x: Any, filters: int, *, size: int = 3, stride: int = 1, active: bool = True) -> Any:
    layers = runtime.keras().layers
    x = layers.Conv2D(filters, size, stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU()(x) if active else x


def _block(x: Any, filters: int, *, stride: int) -> Any:
    layers = runtime.keras().layers
    inner = _convolution(_convolution(x, filters, stride=stride), filters, active=False)
    if stride > 1 or x.shape[-1] != filters:
        pooled = layers.AveragePooling2D(stride)(x) if stride > 1 else x
        x = _convolution(pooled, filters, size=1, active=False)
    return layers.ReLU()(layers.Add()([inner, x]))
