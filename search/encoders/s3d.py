"""S3D with self-gating, and the text tower that MIL-NCE pairs it with, in Keras 3 on any backend.

The video network is S3D-G of arXiv 1712.04851 (Xie et al., 2018): an Inception network whose 3-D convolutions are
split into a spatial and a temporal one. The text tower and the space-to-depth stem are those of arXiv 1912.06430
(Miech et al., 2020). Layers carry the names of the published weights: `mixed_3b.conv_b1_b.conv2`, `gating`, `fc`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from search import runtime
from search.errors import UsageError

CONFIGS = files("search.encoders") / "configs"

# Channels of each Inception block: b0 | b1_a, b1_b | b2_a, b2_b | b3_b.
MIXED: dict[str, tuple[int, int, int, int, int, int]] = {
    "mixed_3b": (64, 96, 128, 16, 32, 32),
    "mixed_3c": (128, 128, 192, 32, 96, 64),
    "mixed_4b": (192, 96, 208, 16, 48, 64),
    "mixed_4c": (160, 112, 224, 24, 64, 64),
    "mixed_4d": (128, 128, 256, 24, 64, 64),
    "mixed_4e": (112, 144, 288, 32, 64, 64),
    "mixed_4f": (256, 160, 320, 32, 128, 128),
    "mixed_5b": (256, 160, 320, 32, 128, 128),
    "mixed_5c": (384, 192, 384, 48, 128, 128),
}
# Max-pooling in front of a block: window and stride over (time, height, width).
POOLS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "mixed_3b": ((1, 3, 3), (1, 2, 2)),
    "mixed_4b": ((3, 3, 3), (2, 2, 2)),
    "mixed_5b": ((2, 2, 2), (2, 2, 2)),
}


@dataclass(frozen=True, slots=True)
class S3DConfig:
    """The sizes of one S3D and its text tower; one JSON file in `search/encoders/configs/` each."""

    name: str
    frames: int
    """Frames a clip; even."""
    fps: float
    """Frames a second at which a clip is sampled."""
    size: int
    """Height and width of a frame in pixels; even."""
    dim: int
    """Length of the embeddings."""
    width: float
    """Multiplies every channel count of the published network."""
    stem: Literal["space_to_depth", "plain"]
    word_dim: int
    hidden: int
    """Units of the text tower between the word vectors and the embedding."""
    max_words: int
    """Words of a sentence that are read; the rest is cut off."""
    unit_length: bool = False
    """Whether the embeddings of clips have length 1; those published have not."""

    def channels(self, published: int) -> int:
        """A published channel count at this width, rounded to a multiple of 8."""
        return 8 * max(1, round(published * self.width / 8))


def read_config(name: str) -> S3DConfig:
    """The configuration shipped under this name. Raises UsageError naming the known ones."""
    path = CONFIGS / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(entry.name.removesuffix(".json") for entry in CONFIGS.iterdir()))
        raise UsageError(f"There is no encoder configuration named {name!r}.", f"Choose one of: {known}.")
    return S3DConfig(**json.loads(path.read_text("utf-8")))


def video_network(config: S3DConfig) -> Any:
    """The clip side as a Keras model.

    float32 RGB `[B, frames, size, size, 3]` in 0..1 to `{"video_embedding": [B, dim], "mixed_5c": [B, C]}`,
    where `mixed_5c` is the last block averaged over time and space (C = 1024 at full width).
    """
    keras = runtime.keras()
    clips = keras.Input((config.frames, config.size, config.size, 3), name="video")
    x = _stem(clips, config)
    x = _pool(x, (1, 3, 3), (1, 2, 2))
    x = _conv_unit(x, "conv_2b", config.channels(64), (1, 1, 1))
    x = _separable_unit(x, "conv_2c", config.channels(192))
    x = _self_gating(x, "gating")
    for name, published in MIXED.items():
        if name in POOLS:
            x = _pool(x, *POOLS[name])
        x = _inception(x, name, tuple(config.channels(count) for count in published))
    feature = keras.layers.GlobalAveragePooling3D(name="mean", dtype="float32")(x)
    embedding = keras.layers.Dense(config.dim, name="fc", dtype="float32")(feature)
    if config.unit_length:
        embedding = keras.layers.UnitNormalization(name="unit", dtype="float32")(embedding)
    return keras.Model(clips, {"video_embedding": embedding, "mixed_5c": feature}, name="video")


def text_network(config: S3DConfig, vocabulary: int) -> Any:
    """The sentence side as a Keras model: int32 word numbers `[B, max_words]` (0 = none) to `[B, dim]`.

    Word vectors, a dense layer with ReLU, the maximum over the words, a dense layer. Absent words do not take part
    in the maximum, except in a sentence without any: that is one constant vector.
    """
    keras = runtime.keras()
    ops, layers = keras.ops, keras.layers
    tokens = keras.Input((config.max_words,), dtype="int32", name="text")
    words = layers.Embedding(vocabulary + 1, config.word_dim, name="text_module_word_embd", dtype="float32")(tokens)
    hidden = layers.Dense(config.hidden, "relu", name="text_module_fc1", dtype="float32")(words)
    # The first word always takes part; where it is absent, all words are.
    present = ops.concatenate([ops.ones_like(tokens[:, :1]), ops.sign(tokens[:, 1:])], axis=1)
    # ReLU has no negative values, so a zeroed word never wins the maximum.
    hidden = hidden * ops.cast(present[:, :, None], hidden.dtype)
    sentence = ops.max(hidden, axis=1)
    embedding = layers.Dense(config.dim, name="text_module_fc2", dtype="float32")(sentence)
    return keras.Model(tokens, embedding, name="text_tower")


def _stem(clips: Any, config: S3DConfig) -> Any:
    channels = config.channels(64)
    if config.stem == "plain":
        return _conv_unit(clips, "conv1", channels, (3, 7, 7), strides=2)
    return _conv_unit(_space_to_depth(clips), "conv1", channels, (2, 4, 4))


def _space_to_depth(x: Any) -> Any:
    """`[B, T, H, W, C]` to `[B, T/2, H/2, W/2, 8C]`: each 2x2x2 block becomes one position."""
    layers = runtime.keras().layers
    _, t, h, w, c = x.shape
    x = layers.Reshape((t // 2, 2, h // 2, 2, w // 2, 2, c))(x)
    x = layers.Permute((1, 3, 5, 2, 4, 6, 7))(x)
    return layers.Reshape((t // 2, h // 2, w // 2, 8 * c))(x)


def _convolution(x: Any, name: str, index: int, channels: int, kernel: tuple[int, int, int], strides: int = 1) -> Any:
    """Convolution, batch normalisation, ReLU; `index` is the pair's number inside its unit."""
    layers = runtime.keras().layers
    padding = "same"
    if strides > 1 or x.shape[1] < kernel[0]:
        # Even on both sides, as the published plain stem is padded; and oneDNN's bfloat16 gradient of a 3-D kernel
        # longer than its film is wrong unless the padding is explicit.
        x, padding = layers.ZeroPadding3D(tuple(side // 2 for side in kernel))(x), "valid"
    x = layers.Conv3D(channels, kernel, strides, padding, use_bias=False, name=f"{name}_conv{index}")(x)
    x = layers.BatchNormalization(momentum=0.97, name=f"{name}_bn{index}")(x)
    return layers.ReLU(name=f"{name}_relu{index}")(x)


def _conv_unit(x: Any, name: str, channels: int, kernel: tuple[int, int, int], strides: int = 1) -> Any:
    return _convolution(x, name, 1, channels, kernel, strides)


def _separable_unit(x: Any, name: str, channels: int) -> Any:
    """A 3x3x3 convolution split in two: over space, then over time."""
    x = _convolution(x, name, 1, channels, (1, 3, 3))
    return _convolution(x, name, 2, channels, (3, 1, 1))


def _self_gating(x: Any, name: str) -> Any:
    """Scales each channel by a sigmoid of what all channels are on average over time and space."""
    layers = runtime.keras().layers
    gate = layers.GlobalAveragePooling3D(keepdims=True, name=f"{name}_mean")(x)
    gate = layers.Dense(x.shape[-1], "sigmoid", name=f"{name}_fc")(gate)
    return layers.Multiply(name=name)([x, gate])


def _inception(x: Any, name: str, channels: tuple[int, ...]) -> Any:
    b0, b1_a, b1_b, b2_a, b2_b, b3_b = channels
    branches = [
        _conv_unit(x, f"{name}_conv_b0", b0, (1, 1, 1)),
        _separable_unit(_conv_unit(x, f"{name}_conv_b1_a", b1_a, (1, 1, 1)), f"{name}_conv_b1_b", b1_b),
        _separable_unit(_conv_unit(x, f"{name}_conv_b2_a", b2_a, (1, 1, 1)), f"{name}_conv_b2_b", b2_b),
        _conv_unit(_pool(x, (3, 3, 3), (1, 1, 1)), f"{name}_conv_b3_b", b3_b, (1, 1, 1)),
    ]
    gated = [_self_gating(branch, f"{name}_gating_b{i}") for i, branch in enumerate(branches)]
    return runtime.keras().layers.Concatenate(name=name)(gated)


def _pool(x: Any, window: tuple[int, int, int], strides: tuple[int, int, int]) -> Any:
    return runtime.keras().layers.MaxPooling3D(window, strides, "same")(x)
