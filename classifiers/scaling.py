"""Pictures in another size (pure)."""

from __future__ import annotations

import numpy as np

from search.contracts import UInt8


def scaled(picture: UInt8, width: int, height: int) -> UInt8:
    """uint8 `[H, W]` or `[H, W, 3]` as large as asked; averaged where it becomes narrower, else interpolated."""
    import cv2

    way = cv2.INTER_AREA if picture.shape[1] > width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)
