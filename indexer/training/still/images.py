"""Image files as training sees them: the middle of the picture, squeezed into a square."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from indexer.pictures.picture_files import read_picture
from indexer.training.still.listing import Box
from search.contracts import UInt8

WIDEST = 4 / 3
"""A side that is longer in relation to the other is cropped; what is left is squeezed."""
SMALLEST = 16
"""Pixels of a side, below which there is nothing to see."""


def read_image(path: Path) -> UInt8 | None:
    """RGB uint8 `[H, W, 3]`; None for a file that is not there, no picture, or too small."""
    picture = read_picture(path)
    return None if picture is None or min(picture.shape[:2]) < SMALLEST else picture


def square(picture: UInt8, size: int, box: Box | None = None) -> UInt8:
    """The middle of a picture `[H, W, 3]`, or the part of it in `box`, as `[size, size, 3]`."""
    height, width = picture.shape[:2]
    high, wide = min(height, round(width * WIDEST)), min(width, round(height * WIDEST))
    top, left = (height - high) // 2, (width - wide) // 2
    seen = picture[top : top + high, left : left + wide]
    if box is not None:
        first, start, last, end = np.rint(np.array(box) * [high, wide, high, wide]).astype(int)
        seen = seen[first : max(last, first + 1), start : max(end, start + 1)]
    way = cv2.INTER_AREA if min(seen.shape[:2]) > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(seen, (size, size), interpolation=way), np.uint8)
