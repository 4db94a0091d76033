"""Pictures from files, as large as the frames of films would be."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from classifiers.scaling import scaled
from indexer.sources.base import Tap
from indexer.sources.geometry import place, scaled_size
from search.contracts import UInt8


def read_picture(path: Path) -> UInt8 | None:
    """RGB uint8 `[H, W, 3]`, upright as its EXIF says; None where no picture can be had of it."""
    try:
        data = np.fromfile(path, np.uint8)
    except (OSError, ValueError):  # a name with a NUL in it
        return None
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    return None if picture is None else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def fit_picture(picture: UInt8, tap: Tap) -> UInt8:
    """`[H, W, 3]` scaled and padded as a frame of a film would be."""
    height, width = picture.shape[:2]
    return place(scaled(picture, *scaled_size(width, height, 1.0, tap, turned=False)), tap)
