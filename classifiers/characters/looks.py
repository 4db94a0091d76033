"""The squares of a frame that are looked at one by one, because a character may be small or at the side (pure)."""

from __future__ import annotations

from functools import cache

import numpy as np

from classifiers.scaling import scaled
from search.contracts import UInt8

WIDTH, HEIGHT = 320, 180
"""Of the frames that characters are looked for in; others are padded to that shape."""
GRIDS = ((180, 1, 3), (120, 2, 4))
"""Side of the squares in pixels, rows, columns: as high as the frame, and two thirds of it."""
LOOKS = sum(rows * columns for _, rows, columns in GRIDS)


@cache
def squares() -> tuple[tuple[int, int, int], ...]:
    """Top, left and side of each, in pixels of a frame; evenly spread and overlapping."""
    return tuple(
        (round(top), round(left), side)
        for side, rows, columns in GRIDS
        for top in np.linspace(0, HEIGHT - side, rows)
        for left in np.linspace(0, WIDTH - side, columns)
    )


def cut_looks(frames: UInt8, size: int) -> UInt8:
    """RGB uint8 `[N, HEIGHT, WIDTH, 3]` to `[N, LOOKS, size, size, 3]`."""
    looks = np.empty((len(frames), LOOKS, size, size, 3), np.uint8)
    for frame, row in zip(frames, looks, strict=True):
        for (top, left, side), look in zip(squares(), row, strict=True):
            look[:] = scaled(frame[top : top + side, left : left + side], size, size)
    return looks
