"""Parts of pictures at random: how large, of what shape, and where. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.training.still.listing import Box


@dataclass(frozen=True, slots=True)
class Crop:
    """How a part is chosen."""

    area: tuple[float, float]
    """What it leaves of a picture, least and most."""
    stretch: float = 0.25
    """The logarithm of how far its height may be from its width."""
    whole: float = 0.0
    """How often it leaves all, but for its shape."""
    mirrors: bool = True
    """Whether its mirror image serves as well."""

    def sides(self, rng: np.random.Generator) -> tuple[float, float]:
        """Height and width, in sides of the picture."""
        area = 1.0 if self.whole and rng.random() < self.whole else rng.uniform(*self.area)
        stretch = np.exp(rng.uniform(-self.stretch, self.stretch))
        return min(1.0, float(np.sqrt(area) * stretch)), min(1.0, float(np.sqrt(area) / stretch))

    def box(self, rng: np.random.Generator) -> Box:
        """One anywhere in the picture."""
        high, wide = self.sides(rng)
        top, left = float(rng.uniform(0, 1 - high)), float(rng.uniform(0, 1 - wide))
        return top, left, top + high, left + wide
