"""Frames seen in windows: the bundled trunk looks at a whole frame once, and its parts are told apart afterwards.

A middle block of the trunk still knows where things are, and small things are not yet averaged away in it. Each
window is the mean of its part of the block's map. That is a quarter of the work of eleven squares (`looks.py`), and
small characters are found more often (docs/characters.md).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from classifiers.frame_trunk import FrameTrunk
from classifiers.scaling import scaled
from search.contracts import Float32, UInt8

WIDTH, HEIGHT = 224, 128
"""Of a frame as the trunk sees it, in pixels."""
BLOCK = "mixed_4f"
SIDE, STEP = 4, 2
"""Of the windows, in places of the map, which they cover wholly."""


class WindowFeatures:
    """What `FeatureExtractor` in `features.py` promises."""

    def __init__(self) -> None:
        """Raises ModelUnavailable where the trunk's weights are missing."""
        self._trunk = FrameTrunk(BLOCK)

    def features(self, frames: UInt8) -> Float32:
        shown = np.stack([scaled(frame, WIDTH, HEIGHT) for frame in frames])
        return window_means(self._trunk.places(shown))

    @cached_property
    def fingerprint(self) -> str:
        return self._trunk.fingerprint(f"{WIDTH} {HEIGHT} {BLOCK} {SIDE} {STEP}")


def window_means(places: Float32) -> Float32:
    """The mean of each window of maps `[N, h, w, C]`, row by row: `[N, K, C]`."""
    squares = np.lib.stride_tricks.sliding_window_view(places, (SIDE, SIDE), axis=(1, 2))[:, ::STEP, ::STEP]
    means = squares.mean(axis=(-2, -1), dtype=np.float32)
    return np.ascontiguousarray(means.reshape(len(places), -1, places.shape[-1]))
