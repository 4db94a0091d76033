"""Where the camera looks from, and what each layer of a scene shows of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HORIZON = 0.6
"""The height that a zoom leaves in place."""
PAN = 0.16
ZOOM = 0.2
FOLLOWED = 0.32
"""Unit widths a second at which the camera goes along with somebody who travels."""


@dataclass(frozen=True, slots=True)
class View:
    """`x` in unit coordinates of the ground; `zoom` is at least 1."""

    x: float
    zoom: float

    def matrix(self, depth: float, width: int, height: int) -> NDArray[np.float64]:
        """From unit coordinates of a layer to pixels: float `[2, 3]`.

        `depth` 1 is the ground; nearer layers (above 1) move and grow more, farther ones less.
        """
        zoom = 1 + (self.zoom - 1) * depth
        scale = zoom * height
        return np.array([
            [scale, 0, width / 2 - self.x * depth * scale],
            [0, scale, HORIZON * height * (1 - zoom)],
        ])  # fmt: skip


def view_at(camera: str, seconds: float, duration: float, travel: float = 0.0) -> View:
    """The view `seconds` into a shot; `travel` is 1 to follow somebody who runs right, -1 left, 0 nobody."""
    progress = seconds / duration
    x = {"pan left": -1, "pan right": 1}.get(camera, 0) * PAN * (2 * progress - 1)
    zoom = {"zoom in": progress, "zoom out": 1 - progress}.get(camera, 0.0) * ZOOM
    return View(x + travel * FOLLOWED * (seconds - duration / 2), 1 + zoom)
