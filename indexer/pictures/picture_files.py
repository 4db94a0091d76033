"""Pictures from files and as files, and as large as the frames of films would be."""

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
    return decoded(data)


def decoded(data: UInt8) -> UInt8 | None:
    """RGB uint8 `[H, W, 3]` of the bytes of a picture file; None where they are none."""
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    return None if picture is None else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def encoded(picture: UInt8, suffix: str = ".jpg", quality: int = 95) -> bytes:
    """RGB uint8 `[H, W, 3]` as the bytes of a picture file; `quality` is that of a JPEG, 0..100."""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(suffix, bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def fit_picture(picture: UInt8, tap: Tap) -> UInt8:
    """`[H, W, 3]` scaled and padded as a frame of a film would be."""
    height, width = picture.shape[:2]
    return place(scaled(picture, *scaled_size(width, height, 1.0, tap, turned=False)), tap)
