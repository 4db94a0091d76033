"""Views of one picture for training: turned, zoomed, shifted, sheared and mirrored, as in the tutorial."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.contracts import UInt8

ROTATION = np.pi / 6
ZOOM = 0.15
SHIFT = 0.2
"""Of the side."""
SHEAR = 0.15


def random_view(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """RGB uint8 `[S, S, 3]` to another of that shape; what comes in from outside repeats the edge."""
    import cv2

    side = len(picture)
    view: Any = cv2.warpAffine(
        picture, random_matrix(side, rng), (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    seen: UInt8 = view
    return seen


def random_matrix(side: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """An affine map `[2, 3]` of pixels about the middle of a square picture. Pure."""
    turn = rng.uniform(-ROTATION, ROTATION)
    zoom = rng.uniform(1 - ZOOM, 1 + ZOOM, 2)
    shear = rng.uniform(-SHEAR, SHEAR)
    mirror = rng.choice((-1.0, 1.0))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = rotation @ np.array([[1.0, shear], [0.0, 1.0]]) @ np.diag(zoom * (mirror, 1.0))
    middle = np.full(2, (side - 1) / 2)
    shift = rng.uniform(-SHIFT, SHIFT, 2) * side
    return np.column_stack([linear, middle + shift - linear @ middle])
