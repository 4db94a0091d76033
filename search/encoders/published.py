"""The published S3D weights of MIL-NCE (arXiv 1912.06430), as PyTorch keeps them, in our networks.

Names, layout and arithmetic are those of antoine77340/S3D_HowTo100M: convolutions `[out, in, time, height, width]`,
dense layers `[out, in]`, and words that fill a short sentence take part in the maximum over its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.contracts import Float32
from search.encoders.s3d import MIXED, S3DConfig, text_network, video_network
from search.encoders.tensor_file import Array
from search.errors import UsageError, first_of

UNITS_OF_BLOCK = {"conv_b0": 1, "conv_b1_a": 1, "conv_b1_b": 2, "conv_b2_a": 1, "conv_b2_b": 2, "conv_b3_b": 1}
"""The units of an Inception block and how many convolutions each is made of."""
PARTS = {
    ("bn", "weight"): "gamma",
    ("bn", "bias"): "beta",
    ("bn", "running_mean"): "moving_mean",
    ("bn", "running_var"): "moving_variance",
    ("word_embd", "weight"): "embeddings",
    ("fc", "weight"): "kernel",
    ("conv", "weight"): "kernel",
    ("fc", "bias"): "bias",
}
"""What layer and part are called there, and what the part is called here."""
WORD_TABLE = "text_module.word_embd.weight"
UNUSED = "num_batches_tracked"
WRAPPER = "module."
"""What DataParallel puts before every name."""
EPSILON = 1e-5
"""What PyTorch's batch normalisation adds to a variance."""


@dataclass(frozen=True, slots=True)
class NetworkWeights:
    """Weights in the order of `video_network` and `text_network`, float32."""

    video: list[Float32]
    text: list[Float32]


def published_names() -> list[str]:
    """The name of every weight, in the order of the network."""
    names = [*_unit("conv1", 1), *_unit("conv_2b", 1), *_unit("conv_2c", 2), *_dense("gating.fc")]
    for block in MIXED:
        for unit, convolutions in UNITS_OF_BLOCK.items():
            names += _unit(f"{block}.{unit}", convolutions)
        for branch in range(4):
            names += _dense(f"{block}.gating_b{branch}.fc")
    return [*names, *_dense("fc"), WORD_TABLE, *_dense("text_module.fc1"), *_dense("text_module.fc2")]


def _unit(name: str, convolutions: int) -> Iterator[str]:
    for i in range(1, convolutions + 1):
        yield f"{name}.conv{i}.weight"
        yield from (f"{name}.bn{i}.{part}" for part in ("weight", "bias", "running_mean", "running_var"))


def _dense(name: str) -> tuple[str, str]:
    return f"{name}.weight", f"{name}.bias"


def our_path(name: str) -> str:
    """The path of a published weight in our networks: `conv_2c.bn1.weight` is `conv_2c_bn1/gamma`."""
    layer, _, part = name.rpartition(".")
    kind = layer.rpartition(".")[2].rstrip("0123456789")
    return f"{layer.replace('.', '_')}/{PARTS[kind, part]}"


def our_layout(name: str, weight: Array) -> Array:
    """`[out, in, t, h, w]` as `[t, h, w, in, out]`, `[out, in]` as `[in, out]`, all else as it is."""
    if weight.ndim == 5:
        return weight.transpose(2, 3, 4, 1, 0)
    return weight.T if name != WORD_TABLE else weight


def convert(tensors: Mapping[str, Array], config: S3DConfig, words: Sequence[str]) -> NetworkWeights:
    """Published weights, under their names, as our networks take them; `words[i]` is row i + 1 of the word table.

    Raises UsageError for weights that are missing, not known, or of another shape, and for another count of words.
    """
    known = {name.removeprefix(WRAPPER): tensor for name, tensor in tensors.items() if not name.endswith(UNUSED)}
    require_names(known)
    require_word_count(known[WORD_TABLE], words)
    networks = video_network(config), text_network(config, len(words))
    require_shapes(known, {weight.path: tuple(weight.shape) for network in networks for weight in network.weights})
    ours = {our_path(name): our_layout(name, tensor).astype(np.float32) for name, tensor in known.items()}
    for layer in networks[0].layers:
        if f"{layer.name}/gamma" in ours:
            ours[f"{layer.name}/gamma"] *= epsilon_made_up(ours[f"{layer.name}/moving_variance"], layer.epsilon)
    video, text = ([ours[weight.path] for weight in network.weights] for network in networks)
    return NetworkWeights(video, text)


def epsilon_made_up(variance: Float32, ours: float) -> Float32:
    """The factor that makes a normalisation with our epsilon equal to one with PyTorch's."""
    factor: Float32 = np.sqrt((variance + np.float32(ours)) / (variance + np.float32(EPSILON)))
    return factor


def require_names(tensors: Mapping[str, Any]) -> None:
    """Raises UsageError naming the first weights that are missing or not known."""
    wanted = dict.fromkeys(published_names())
    missing = [name for name in wanted if name not in tensors]
    extra = [name for name in tensors if name not in wanted]
    if missing or extra:
        lacks = [f"lack {first_of(missing)}"] if missing else []
        holds = [f"hold {first_of(extra)}, which S3D has not"] if extra else []
        raise UsageError(
            f"The weights {' and '.join(lacks + holds)}.",
            "They must bear the names of the published S3D_HowTo100M, such as mixed_3b.conv_b0.conv1.weight.",
        )


def require_shapes(tensors: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises UsageError naming the first weights that are not what the network of the configuration has there."""
    wrong = [
        f"{name} {list(tensor.shape)}"
        for name, tensor in tensors.items()
        if tensor.dtype.kind != "f" or our_layout(name, tensor).shape != shapes[our_path(name)]
    ]
    if wrong:
        raise UsageError(
            f"The weights are not of this configuration: {first_of(wrong)}.",
            "Name with --config and --stem the network they were trained as.",
        )


def require_word_count(table: Array, words: Sequence[str]) -> None:
    """Raises UsageError unless the table has a row for each word and one, the first, for none."""
    rows = len(np.atleast_1d(table))
    if rows != len(words) + 1:
        raise UsageError(
            f"The word table has {rows} rows, and {len(words)} words were given.",
            f"Name with --words the list that belongs to these weights: {rows - 1} words.",
        )


def read_words(path: Path) -> list[str]:
    """The words of a text file, one a line, or of a `.npy` of strings; case and order as they stand.

    Raises UsageError for a file that is neither; a `.npy` that needs unpickling is refused.
    """
    try:
        if path.suffix != ".npy":
            return path.read_text("utf-8-sig").removesuffix("\n").split("\n")
        array = np.load(path, allow_pickle=False)
        words = [str(word) for word in array] if array.ndim == 1 and array.dtype.kind == "U" else []
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(
            f"The words in {path} cannot be read: {error}.", "Name a text file in UTF-8 with one word a line."
        ) from error
    if not words or any("\n" in word or "\r" in word for word in words):
        raise UsageError(f"{path} is no list of words.", "Name a text file in UTF-8 with one word a line.")
    return words
