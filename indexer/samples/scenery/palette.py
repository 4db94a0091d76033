"""Colours that scenes share, and how far they reach."""

from __future__ import annotations

import numpy as np

from indexer.samples.canvas import Colour

Rng = np.random.Generator
WIDE = 2.8
"""Scenes reach this far to either side of the middle, in unit coordinates."""

SKY: dict[str, tuple[Colour, Colour]] = {
    "day": ((92, 172, 238), (206, 236, 252)),
    "dusk": ((100, 78, 156), (255, 186, 128)),
    "night": ((16, 22, 58), (66, 78, 136)),
}
"""By light: high up and at the horizon."""
TINTS: dict[str, Colour] = {"day": (1, 1, 1), "dusk": (1.0, 0.83, 0.76), "night": (0.62, 0.68, 0.92)}
"""By light: what it makes of every colour."""
BLOSSOM: tuple[Colour, ...] = (
    (250, 98, 120),
    (255, 214, 82),
    (255, 255, 255),
    (190, 122, 236),
    (255, 150, 70),
)


def pick(rng: Rng, colours: tuple[Colour, ...]) -> Colour:
    """One of `colours`."""
    return colours[int(rng.integers(len(colours)))]
