"""The towers' weights as those of the Keras networks in `search/encoders/s3d.py`, inflated in time. Pure.

For a clip that stands still the network answers what the picture tower answers:
- the stem sees the mean of the two frames of a pair (all weight on its first temporal tap);
- each temporal convolution is the identity, and its batch normalisation undoes itself: its moving statistics are
  those measured on pictures, its gain and shift the inverse, so that training goes on from the same function.
The scale of the dot product is folded into the text side's last layer.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from indexer.training.still.networks import EPSILON, ConvUnit, SelfGating, Towers
from search.contracts import Float32

Layers = dict[str, list[Float32]]
"""The arrays of `layer.get_weights()` by the name of the layer."""
Statistics = Mapping[str, tuple[Float32, Float32]]
"""Mean and variance of each channel, by the name of the unit."""
SMALLEST_VARIANCE = 1e-6


def channel_statistics(towers: Towers, pictures: Tensor, at_once: int = 32) -> Statistics:
    """What each unit that has a temporal half answers to pictures (float `[B, 3, S, S]` in 0..1)."""
    towers.eval()
    sums: dict[str, Tensor] = {}

    def collect(name: str, output: Tensor) -> None:
        by_channel = output.double().transpose(0, 1).flatten(1)
        size = torch.tensor(float(by_channel.shape[1]), device=output.device).expand(len(by_channel))
        sums[name] = sums.get(name, 0) + torch.stack([by_channel.sum(1), by_channel.square().sum(1), size])

    units = {name: unit for name, unit in towers.picture.trunk.named_modules() if _has_temporal_half(unit)}
    hooks = [
        unit.register_forward_hook(lambda _unit, _inputs, output, name=name: collect(name, output))
        for name, unit in units.items()
    ]
    with torch.inference_mode():
        for part in pictures.split(at_once):
            towers.picture(part)
    for hook in hooks:
        hook.remove()
    found = {}
    for name, (total, squares, size) in sums.items():
        mean = total / size
        found[name] = _array(mean), _array((squares / size - mean**2).clamp(min=SMALLEST_VARIANCE))
    return found


def keras_layers(towers: Towers, statistics: Statistics) -> Layers:
    """The weights of both networks."""
    found: Layers = {}
    for name, module in towers.picture.trunk.named_modules():
        layer = name.replace(".", "_")
        if isinstance(module, ConvUnit):
            found[f"{layer}_conv1"] = [_stem(module) if name == "conv1" else _kernel(module)]
            found[f"{layer}_bn1"] = _norm(module.bn)
            if _has_temporal_half(module):
                found[f"{layer}_conv2"], found[f"{layer}_bn2"] = _identity(*statistics[name])
        elif isinstance(module, SelfGating):
            found[f"{layer}_fc"] = _dense(module.fc)
    scale = _array(towers.scale)
    found["fc"] = _dense(towers.picture.fc)
    found["text_module_word_embd"] = [_array(towers.text.word_embd.weight)]
    found["text_module_fc1"] = _dense(towers.text.fc1)
    found["text_module_fc2"] = [scale * array for array in _dense(towers.text.fc2)]
    return found


def _has_temporal_half(module: nn.Module) -> bool:
    return isinstance(module, ConvUnit) and module.window == 3


def _array(tensor: Tensor) -> Float32:
    array: Float32 = tensor.detach().float().cpu().numpy()
    return array


def _dense(layer: nn.Linear) -> list[Float32]:
    return [_array(layer.weight).T, _array(layer.bias)]


def _norm(layer: nn.BatchNorm2d) -> list[Float32]:
    return [_array(x) for x in (layer.weight, layer.bias, layer.running_mean, layer.running_var)]


def _kernel(unit: ConvUnit) -> Float32:
    """`[1, H, W, in, out]`"""
    return _array(unit.conv.weight).transpose(2, 3, 1, 0)[None]


def _stem(unit: ConvUnit) -> Float32:
    """`[2, H, W, 24, out]`: half of the weight for each frame of a pair, nothing for the next pair."""
    kernel = _kernel(unit)
    pair = np.concatenate([kernel, kernel], axis=3) / 2
    return np.concatenate([pair, np.zeros_like(pair)])


def _identity(mean: Float32, variance: Float32) -> tuple[list[Float32], list[Float32]]:
    """A convolution `[3, 1, 1, C, C]` and a batch normalisation that change nothing."""
    kernel = np.zeros((3, 1, 1, len(mean), len(mean)), np.float32)
    kernel[1, 0, 0] = np.eye(len(mean))
    return [kernel], [np.sqrt(variance + np.float32(EPSILON)), mean, mean, variance]
