"""One frame of S3D with self-gating, and its text tower, in PyTorch.

Layer for layer what `search/encoders/s3d.py` (arXiv 1712.04851, arXiv 1912.06430) computes of a clip that stands
still: the same names, channels, padding and gates without the temporal halves. `weights.py` carries the weights over.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from search.encoders.s3d import MIXED, POOLS, S3DConfig
from search.errors import UsageError

EPSILON = 1e-3
"""Of the batch normalisations: Keras' own."""
HIGHEST_SCALE = 100.0


def same_pad(x: Tensor, window: int, stride: int) -> Tensor:
    """Zeros around the last two sides as TensorFlow's "same" has them: the odd one goes right and below."""
    sides: list[int] = []
    for size in (x.shape[-1], x.shape[-2]):
        total = max((-(-size // stride) - 1) * stride + window - size, 0)
        sides += [total // 2, total - total // 2]
    return F.pad(x, sides) if any(sides) else x


class ConvUnit(nn.Module):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.conv = nn.Conv2d(inputs, outputs, window, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=EPSILON, momentum=0.03)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(same_pad(x, self.window, 1))), inplace=True)


class SelfGating(nn.Module):
    """Scales each channel by a sigmoid of what all channels are on average."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.fc(x.mean((2, 3))))[:, :, None, None]


class Inception(nn.Module):
    def __init__(self, inputs: int, channels: Sequence[int]) -> None:
        super().__init__()
        b0, b1_a, b1_b, b2_a, b2_b, b3_b = channels
        self.conv_b0 = ConvUnit(inputs, b0, 1)
        self.conv_b1_a = ConvUnit(inputs, b1_a, 1)
        self.conv_b1_b = ConvUnit(b1_a, b1_b, 3)
        self.conv_b2_a = ConvUnit(inputs, b2_a, 1)
        self.conv_b2_b = ConvUnit(b2_a, b2_b, 3)
        self.conv_b3_b = ConvUnit(inputs, b3_b, 1)
        for i, count in enumerate((b0, b1_b, b2_b, b3_b)):
            self.add_module(f"gating_b{i}", SelfGating(count))

    def forward(self, x: Tensor) -> Tensor:
        branches = (
            self.conv_b0(x),
            self.conv_b1_b(self.conv_b1_a(x)),
            self.conv_b2_b(self.conv_b2_a(x)),
            self.conv_b3_b(F.max_pool2d(x, 3, 1, 1)),
        )
        return torch.cat([self.get_submodule(f"gating_b{i}")(branch) for i, branch in enumerate(branches)], 1)


class Trunk(nn.Module):
    """Pictures `[B, 3, S, S]` in 0..1 to the mean of the last block `[B, features]`."""

    def __init__(self, config: S3DConfig) -> None:
        super().__init__()
        first, last = config.channels(64), config.channels(192)
        self.conv1 = ConvUnit(12, first, 4)
        self.conv_2b = ConvUnit(first, first, 1)
        self.conv_2c = ConvUnit(first, last, 3)
        self.gating = SelfGating(last)
        for name, published in MIXED.items():
            counts = [config.channels(count) for count in published]
            self.add_module(name, Inception(last, counts))
            last = counts[0] + counts[2] + counts[4] + counts[5]
        self.features = last

    def forward(self, pictures: Tensor) -> Tensor:
        x = _space_to_depth(pictures).contiguous(memory_format=torch.channels_last)
        x = _halved(self.conv1(x), 3)
        x = self.gating(self.conv_2c(self.conv_2b(x)))
        for name in MIXED:
            if name in POOLS:
                x = _halved(x, POOLS[name][0][1])
            x = self.get_submodule(name)(x)
        return x.mean((2, 3)).float()


def _space_to_depth(x: Tensor) -> Tensor:
    """`[B, C, H, W]` to `[B, 4C, H/2, W/2]`, channels in the order (row, column, colour) of the Keras network."""
    b, c, h, w = x.shape
    x = x.reshape(b, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4)
    return x.reshape(b, 4 * c, h // 2, w // 2)


def _halved(x: Tensor, window: int) -> Tensor:
    """Max-pooling by 2 with "same" borders. `x` is never negative, so zeros never win."""
    return F.max_pool2d(same_pad(x, window, 2), window, 2)


class PictureTower(nn.Module):
    """Trunk and `fc`; `teacher` is a head for training alone."""

    def __init__(self, config: S3DConfig, teacher: int) -> None:
        super().__init__()
        self.trunk = Trunk(config)
        self.fc = nn.Linear(self.trunk.features, config.dim)
        self.teacher = nn.Linear(self.trunk.features, teacher)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The place `[B, dim]`, of unit length, and the guess at the teachers' features `[B, teacher]`."""
        feature = self.trunk(pictures)
        return F.normalize(self.fc(feature).float(), dim=1), self.teacher(feature).float()


class TextTower(nn.Module):
    """Word numbers int `[B, W]` (0 = none) to `[B, dim]`: vectors, dense with ReLU, maximum, dense."""

    def __init__(self, config: S3DConfig, words: int) -> None:
        super().__init__()
        self.word_embd = nn.Embedding(words + 1, config.word_dim)
        self.fc1 = nn.Linear(config.word_dim, config.hidden)
        self.fc2 = nn.Linear(config.hidden, config.dim)
        nn.init.normal_(self.word_embd.weight, std=0.1)

    def forward(self, tokens: Tensor) -> Tensor:
        hidden = F.relu(self.fc1(self.word_embd(tokens)))
        # The first word always takes part; where it is absent, all words are.
        present = torch.cat([torch.ones_like(tokens[:, :1]), tokens[:, 1:].sign()], 1)
        return self.fc2((hidden * present[:, :, None]).amax(1)).float()


class Towers(nn.Module):
    """Both towers, and the scale of the dot product between them that export folds into the text side."""

    def __init__(self, config: S3DConfig, words: int, teacher: int) -> None:
        """`teacher` is the length of the teachers' features together. Raises UsageError for a plain stem."""
        super().__init__()
        if config.stem != "space_to_depth" or not config.unit_length:
            raise UsageError(
                f"The configuration {config.name} cannot be trained on pictures.",
                "Choose one with a space-to-depth stem and embeddings of unit length, such as mini.",
            )
        self.picture = PictureTower(config, teacher)
        self.text = TextTower(config, words)
        self.log_scale = nn.Parameter(torch.tensor(log(20.0)))

    @property
    def scale(self) -> Tensor:
        return self.log_scale.exp().clamp(max=HIGHEST_SCALE)
