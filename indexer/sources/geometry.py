"""How a stored picture becomes an upright one of the wanted size (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.sources.base import Tap
from search.contracts import UInt8

MAX_ASPECT = 8.0
"""Pictures longer than this are squeezed: a 2 x 4096 one would otherwise be scaled to a huge one to be cropped."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """A display matrix as quarter turns and mirrors: transpose first, then flip."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def turn(self) -> int:
        """Degrees clockwise (a mirror left aside), as media players report it: 0, 90, 180 or 270."""
        if self.transpose:
            return 270 if self.flip_y else 90
        return 180 if self.flip_x else 0

    def apply(self, picture: UInt8) -> UInt8:
        """`[H, W, 3]` as stored to upright `[H, W, 3]` or `[W, H, 3]`."""
        if self.transpose:
            picture = picture.swapaxes(0, 1)
        return picture[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1]


def orientation(matrix: Sequence[int]) -> Orientation:
    """Reads a 3 x 3 display matrix (row by row, ISO 14496-12: x' = a x + c y, y' = b x + d y).

    Turns that are no quarter turns go to the nearest; a matrix of zeros says nothing.
    """
    a, b, _, c, d = matrix[:5]
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Orientation(transpose=True, flip_x=c < 0, flip_y=b < 0)
    return Orientation(flip_x=a < 0, flip_y=d < 0)


def scaled_size(width: int, height: int, aspect: float, tap: Tap, turned: bool) -> tuple[int, int]:
    """Width and height to which a stored picture is scaled for a tap, before it is turned and cropped or padded.

    `aspect` is the width of a stored pixel over its height, `turned` says that rows become columns.
    """
    wide, high = _shown_size(width, height, aspect)
    across, down = (tap.height, tap.width) if turned else (tap.width, tap.height)
    ratios = (across / wide, down / high)
    scale = max(ratios) if tap.fit == "crop" else min(ratios)
    if tap.fit == "inside":
        scale = min(scale, 1.0)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return (max(size[0], across), max(size[1], down)) if tap.fit == "crop" else size


def _shown_size(width: int, height: int, aspect: float) -> tuple[float, float]:
    """The size in square pixels, with the longer side at most `MAX_ASPECT` times the shorter."""
    if not 1 / 32 < aspect < 32:
        aspect = 1.0
    wide, high = width * max(aspect, 1.0), height * max(1 / aspect, 1.0)
    return min(wide, high * MAX_ASPECT), min(high, wide * MAX_ASPECT)


def place(picture: UInt8, tap: Tap) -> UInt8:
    """Crops or pads an upright, scaled `[H, W, 3]` about its centre as the tap wants it; contiguous."""
    if tap.fit == "inside":
        return np.ascontiguousarray(picture)
    if tap.fit == "crop":
        top, left = (picture.shape[0] - tap.height) // 2, (picture.shape[1] - tap.width) // 2
        return np.ascontiguousarray(picture[top : top + tap.height, left : left + tap.width])
    framed = np.zeros((tap.height, tap.width, 3), np.uint8)
    top, left = (tap.height - picture.shape[0]) // 2, (tap.width - picture.shape[1]) // 2
    framed[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return framed
