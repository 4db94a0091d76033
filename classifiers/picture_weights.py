"""The weights of the encoder mini's spatial half, as networks of single pictures take them.

A picture is a clip that stands still for ever: every tap of a temporal convolution sees the same, so that the sum of
the taps is a convolution over space alone. Batch normalisation is folded into the convolution before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from search import runtime
from search.contracts import Float32
from search.encoders.s3d import MIXED
from search.errors import ModelUnavailable

Weights = Mapping[str, list[Float32]]
"""Of each layer: a kernel and a bias."""
NORMALISATION = ("gamma", "beta", "moving_mean", "moving_variance")
EPSILON = np.float32(1e-3)
"""What Keras adds to a variance before it divides by its root."""


def spatial_weights(video: Sequence[Float32]) -> Weights:
    """The weights of `video_network`, given in its order."""
    arrays = dict(zip(weight_names(), video, strict=True))
    weights: dict[str, list[Float32]] = {}
    for name, array in arrays.items():
        layer, _, part = name.partition("/")
        if part == "gamma":
            beta, mean, variance = (arrays[f"{layer}/{other}"] for other in NORMALISATION[1:])
            convolution = layer.replace("_bn", "_conv")
            scale = array / np.sqrt(variance + EPSILON)
            weights[convolution] = [arrays[f"{convolution}/kernel"].sum(axis=0) * scale, beta - mean * scale]
        elif part == "bias":
            weights[layer] = [arrays[f"{layer}/kernel"], array]
    return weights


def weight_names() -> Iterator[str]:
    """`layer/part` of each weight of `video_network` in its order: layers of one depth stand together.

    To build that network only to ask it takes longer than to build the one of pictures.
    """
    for unit in ("conv1_{}1", "conv_2b_{}1", "conv_2c_{}1", "conv_2c_{}2"):
        yield from _convolutions(unit)
    yield from _dense("gating_fc")
    for block in MIXED:
        unit = f"{block}_conv_b"
        yield from _convolutions(f"{unit}1_a_{{}}1", f"{unit}2_a_{{}}1")
        yield from _convolutions(f"{unit}1_b_{{}}1", f"{unit}2_b_{{}}1")
        yield from _convolutions(f"{unit}0_{{}}1", f"{unit}1_b_{{}}2", f"{unit}2_b_{{}}2", f"{unit}3_b_{{}}1")
        yield from _dense(*(f"{block}_gating_b{branch}_fc" for branch in range(4)))
    yield from _dense("fc")


def _convolutions(*units: str) -> Iterator[str]:
    """Convolutions side by side, then what normalises them; `{}` stands for which of both."""
    yield from (f"{unit.format('conv')}/kernel" for unit in units)
    yield from (f"{unit.format('bn')}/{part}" for unit in units for part in NORMALISATION)


def _dense(*layers: str) -> Iterator[str]:
    yield from (f"{layer}/{part}" for layer in layers for part in ("kernel", "bias"))


def stored_weights(folder: Path) -> list[Float32]:
    """The weights of the clip side in the order of `video_network`, as `mini/export.py` keeps them.

    Raises ModelUnavailable where `folder` holds none.
    """
    try:
        kept = runtime.tensorflow().train.load_checkpoint(str(folder / "variables" / "variables"))
        names = [
            f"variables_kept/0/{i}/.ATTRIBUTES/VARIABLE_VALUE" for i in range(len(kept.get_variable_to_shape_map()))
        ]
        return [kept.get_tensor(name).astype(np.float32) for name in names if kept.has_tensor(name)]
    except Exception as error:  # TensorFlow raises nearly anything for a file it cannot read
        raise ModelUnavailable(
            f"{folder} holds no weights of an encoder of ours.", "Install vsearch again."
        ) from error
