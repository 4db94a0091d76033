"""The picture that stands for a clip: the one with most to see, as a small JPEG."""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np

from indexer.pictures.picture_files import encoded
from search.contracts import UInt8

WIDTH, HEIGHT = 320, 480
"""The box, in pixels, that a thumbnail fits into."""
DARK = 24
"""Mean light, of 255, below which a picture counts as black."""


def pick_thumbnail(frames: Iterable[UInt8]) -> UInt8:
    """The frame uint8 `[H, W, 3]` that shows most; of equals the earlier. Black and flat ones only if all are.

    Raises ValueError where there is no frame.
    """
    return max(frames, key=_how_much_to_see)


def _how_much_to_see(frame: UInt8) -> float:
    """Contrast times detail, both growing slowly so that noise does not win over a calm, clear picture."""
    grey = frame[:: max(1, frame.shape[0] // 90), :: max(1, frame.shape[1] // 90)].mean(axis=2)
    contrast = float(grey.std())
    steps = [float(np.abs(np.diff(grey, axis=axis)).mean()) for axis in (0, 1) if grey.shape[axis] > 1]
    detail = min(sum(steps), 20.0)
    dimmed = min(1.0, (float(grey.mean()) / DARK) ** 2)
    return math.sqrt(contrast) * (1 + detail) * dimmed


def encode_jpeg(frame: UInt8, quality: int = 80) -> bytes:
    """RGB uint8 `[H, W, 3]` as JPEG, scaled down to fit 320 x 480 where it is larger."""
    scale = min(WIDTH / frame.shape[1], HEIGHT / frame.shape[0], 1.0)
    if scale < 1:
        size = max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale))
        frame = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return encoded(frame, quality=quality)
