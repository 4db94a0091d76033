"""Random weights under the names and in the layout of S3D_HowTo100M, and that network in plain NumPy.

Written from the published definition in PyTorch, channels first, one clip at a time; shares nothing with ours but the
table of channels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from search.encoders.s3d import MIXED, S3DConfig

Array = np.ndarray[Any, np.dtype[np.float32]]
Weights = Mapping[str, Array]
SCALE = 1.8
SEPARABLE = ("conv_b1_b", "conv_b2_b")


def published_shapes(config: S3DConfig, words: int) -> dict[str, tuple[int, ...]]:
    """Every weight's shape: convolutions [out, in, t, h, w], dense layers [out, in]."""
    c = config.channels
    shapes: dict[str, tuple[int, ...]] = {}

    def convolution(unit: str, i: int, out: int, into: int, kernel: tuple[int, int, int]) -> None:
        shapes[f"{unit}.conv{i}.weight"] = (out, into, *kernel)
        shapes.update({f"{unit}.bn{i}.{p}": (out,) for p in ("weight", "bias", "running_mean", "running_var")})

    def separable(unit: str, out: int, into: int) -> None:
        convolution(unit, 1, out, into, (1, 3, 3))
        convolution(unit, 2, out, out, (3, 1, 1))

    def dense(name: str, out: int, into: int) -> None:
        shapes.update({f"{name}.weight": (out, into), f"{name}.bias": (out,)})

    plain = config.stem == "plain"
    convolution("conv1", 1, c(64), 3 if plain else 24, (3, 7, 7) if plain else (2, 4, 4))
    convolution("conv_2b", 1, c(64), c(64), (1, 1, 1))
    separable("conv_2c", c(192), c(64))
    dense("gating.fc", c(192), c(192))
    into = c(192)
    for block, published in MIXED.items():
        b0, b1_a, b1_b, b2_a, b2_b, b3_b = map(c, published)
        for unit, out, source in (("b0", b0, into), ("b1_a", b1_a, into), ("b2_a", b2_a, into), ("b3_b", b3_b, into)):
            convolution(f"{block}.conv_{unit}", 1, out, source, (1, 1, 1))
        separable(f"{block}.conv_b1_b", b1_b, b1_a)
        separable(f"{block}.conv_b2_b", b2_b, b2_a)
        for branch, out in enumerate((b0, b1_b, b2_b, b3_b)):
            dense(f"{block}.gating_b{branch}.fc", out, out)
        into = b0 + b1_b + b2_b + b3_b
    dense("fc", config.dim, into)
    shapes["text_module.word_embd.weight"] = (words + 1, config.word_dim)
    dense("text_module.fc1", config.hidden, config.word_dim)
    dense("text_module.fc2", config.dim, config.hidden)
    return shapes


def draw_weights(config: S3DConfig, words: int, seed: int = 0) -> dict[str, Array]:
    """Weights that keep signals alive to the end; a tenth of the variances so small that the epsilon matters."""
    rng = np.random.default_rng(seed)

    def draw(name: str, shape: tuple[int, ...]) -> Array:
        if name.endswith("running_var"):
            drawn = np.where(rng.random(shape) < 0.1, 1e-3, rng.uniform(0.2, 1, shape))
        elif re.search(r"bn\d\.weight", name):
            drawn = rng.uniform(0.5, 1.5, shape)
        else:
            drawn = rng.normal(0, SCALE / np.sqrt(np.prod(shape[1:])) if shape[1:] else 0.1, shape)
        return drawn.astype(np.float32)

    weights = {name: draw(name, shape) for name, shape in published_shapes(config, words).items()}
    for name, weight in weights.items():
        if name.endswith("running_var"):
            weights[name.replace("running_var", "weight")] *= np.sqrt(weight)
    return weights


def convolve(x: Array, kernel: Array, pads: Sequence[int], stride: int = 1) -> Array:
    """[C, T, H, W] by [out, C, t, h, w], so many zeros around each axis."""
    x = np.pad(x, [(0, 0), *((pad, pad) for pad in pads)])
    t, h, w = ((size - side) // stride + 1 for size, side in zip(x.shape[1:], kernel.shape[2:], strict=True))
    total = np.zeros((len(kernel), t, h, w), np.float32)
    for i, j, k in np.ndindex(kernel.shape[2:]):
        seen = x[:, i : i + stride * t : stride, j : j + stride * h : stride, k : k + stride * w : stride]
        total += np.einsum("oc,cthw->othw", kernel[:, :, i, j, k], seen[:, :t, :h, :w])
    return total


def convolve_normalise(x: Array, weights: Weights, name: str, i: int, pads: Sequence[int], stride: int = 1) -> Array:
    gamma, beta, mean, variance = (
        weights[f"{name}.bn{i}.{part}"][:, None, None, None]
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    convolved = convolve(x, weights[f"{name}.conv{i}.weight"], pads, stride)
    normal: Array = np.maximum((convolved - mean) / np.sqrt(variance + 1e-5) * gamma + beta, 0)
    return normal


def unit(x: Array, weights: Weights, name: str) -> Array:
    if not name.endswith((*SEPARABLE, "conv_2c")):
        return convolve_normalise(x, weights, name, 1, (0, 0, 0))
    return convolve_normalise(convolve_normalise(x, weights, name, 1, (0, 1, 1)), weights, name, 2, (1, 0, 0))


def gate(x: Array, weights: Weights, name: str) -> Array:
    scale = weights[f"{name}.fc.weight"] @ x.mean(axis=(1, 2, 3)) + weights[f"{name}.fc.bias"]
    gated: Array = x / (1 + np.exp(-scale))[:, None, None, None]
    return gated


def pool(x: Array, window: tuple[int, int, int], stride: tuple[int, int, int], centred: bool = False) -> Array:
    """The maximum over windows; `centred` pads both sides alike, else what is left over comes after."""
    spare = [side - step for side, step in zip(window, stride, strict=True)]
    pads = [(p // 2, p - p // 2) for p in spare]
    x = np.pad(x, [(0, 0), *pads], constant_values=-np.inf if centred else 0)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2, 3))
    pooled: Array = windows[:, :: stride[0], :: stride[1], :: stride[2]].max(axis=(4, 5, 6))
    return pooled


def stem(clip: Array, weights: Weights, config: S3DConfig) -> Array:
    if config.stem == "plain":
        return convolve_normalise(clip, weights, "conv1", 1, (1, 3, 3), stride=2)
    c, t, h, w = clip.shape
    blocks = clip.reshape(c, t // 2, 2, h // 2, 2, w // 2, 2).transpose(2, 4, 6, 0, 1, 3, 5)
    blocks = blocks.reshape(8 * c, t // 2, h // 2, w // 2)
    return convolve_normalise(blocks, weights, "conv1", 1, (1, 2, 2))[:, 1:, 1:, 1:]


def encode_clip(clip: Array, weights: Weights, config: S3DConfig) -> tuple[Array, Array]:
    """RGB 0..1 [T, H, W, 3] to the embedding and the mean of mixed_5c."""
    x = pool(stem(clip.transpose(3, 0, 1, 2), weights, config), (1, 3, 3), (1, 2, 2))
    x = gate(unit(unit(x, weights, "conv_2b"), weights, "conv_2c"), weights, "gating")
    pools = {
        "mixed_3b": ((1, 3, 3), (1, 2, 2)),
        "mixed_4b": ((3, 3, 3), (2, 2, 2)),
        "mixed_5b": ((2, 2, 2), (2, 2, 2)),
    }
    for block in MIXED:
        if block in pools:
            x = pool(x, *pools[block])
        x = mixed(x, weights, block)
    feature: Array = x.mean(axis=(1, 2, 3))
    return weights["fc.weight"] @ feature + weights["fc.bias"], feature


def mixed(x: Array, weights: Weights, block: str) -> Array:
    def branch(x: Array, *units: str) -> Array:
        for name in units:
            x = unit(x, weights, f"{block}.{name}")
        return x

    around = pool(x, (3, 3, 3), (1, 1, 1), centred=True)
    branches = [
        branch(x, "conv_b0"),
        branch(x, "conv_b1_a", "conv_b1_b"),
        branch(x, "conv_b2_a", "conv_b2_b"),
        branch(around, "conv_b3_b"),
    ]
    return np.concatenate([gate(b, weights, f"{block}.gating_b{i}") for i, b in enumerate(branches)])


def encode_text(text: str, words: Sequence[str], weights: Weights, max_words: int) -> Array:
    """The padding of a short sentence takes part in the maximum."""
    number = {word: i + 1 for i, word in enumerate(words)}  # of a word that stands twice, the last
    numbers = [number[word] for word in re.findall(r"[\w']+", text.lower()) if word in number]
    rows = (numbers + [0] * max_words)[:max_words]
    embedded = weights["text_module.word_embd.weight"][rows]
    hidden = np.maximum(embedded @ weights["text_module.fc1.weight"].T + weights["text_module.fc1.bias"], 0)
    vector: Array = weights["text_module.fc2.weight"] @ hidden.max(axis=0) + weights["text_module.fc2.bias"]
    return vector
