"""Other views of pictures: crop, mirror, blur, light and colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from indexer.training.still.crops import Crop
from search.contracts import UInt8

GREY = torch.tensor([0.299, 0.587, 0.114])
ANY = Crop(area=(0.4, 1.0))
TOLD = Crop(area=(0.75, 1.0), mirrors=False)
"""Where the captions speak of places."""
KEPT = Crop(area=(0.98, 1.0), stretch=0.0)
"""Where teachers were asked about crops: what they said holds for just these (arXiv 2106.05237)."""
BLURRED, COLOURLESS = 0.15, 0.03


def other_views(pictures: Sequence[UInt8], size: int, rng: np.random.Generator, crop: Crop = ANY) -> Tensor:
    """Pictures uint8 `[H, H, 3]` to float `[B, 3, size, size]` in 0..1.

    Those of one call share the crop's height and width, so that one call scales them all.
    """
    side = pictures[0].shape[0]
    high, wide = (round(side * share) for share in crop.sides(rng))
    crops = np.empty((len(pictures), high, wide, 3), np.uint8)
    for part, picture in zip(crops, pictures, strict=True):
        top, left = rng.integers(side - high + 1), rng.integers(side - wide + 1)
        view = picture[top : top + high, left : left + wide]
        part[:] = view[:, ::-1] if crop.mirrors and rng.random() < 0.5 else view
    batch = torch.from_numpy(crops).permute(0, 3, 1, 2).float()
    if rng.random() < BLURRED:
        batch = _scaled(batch, max(size // 3, round(size * rng.uniform(0.3, 0.7))))
    return in_other_light(_scaled(batch, size) / 255.0, rng)


def in_other_light(batch: Tensor, rng: np.random.Generator) -> Tensor:
    """Each of the pictures `[B, 3, H, W]` in its own brightness, contrast, saturation and tint."""
    count = len(batch)
    saturation = torch.from_numpy(rng.uniform(0.6, 1.4, (count, 1, 1))).float()
    saturation[torch.from_numpy(rng.random(count) < COLOURLESS)] = 0.0
    gain = torch.from_numpy(rng.uniform(0.7, 1.3, (count, 1)) * rng.uniform(0.92, 1.08, (count, 3))).float()
    shift = torch.from_numpy(rng.uniform(-0.08, 0.08, (count, 1, 1, 1))).float()
    mixing = gain[:, :, None] * (saturation * torch.eye(3) + (1 - saturation) * GREY.expand(3, 3))
    mixed = torch.matmul(mixing, batch.flatten(2)).view_as(batch)
    return (mixed + shift).clamp_(0.0, 1.0)


def plain_view(pictures: UInt8, size: int) -> Tensor:
    """Whole pictures uint8 `[B, H, W, 3]` as float `[B, 3, size, size]` in 0..1."""
    batch = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 255.0
    return F.interpolate(batch, (size, size), mode="bilinear", align_corners=False, antialias=True)


def _scaled(batch: Tensor, size: int) -> Tensor:
    return F.interpolate(batch, (size, size), mode="bilinear", align_corners=False)
