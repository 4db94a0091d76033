"""Near copies among pictures, by difference hash."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from search.contracts import Int64, UInt8

NEAR = 14
"""Of 128 bits: at most so many differ between near copies."""
AT_ONCE = 4096


def difference_hash(picture: UInt8) -> UInt8:
    """Whether it grows brighter, 64 times across and 64 times down: RGB uint8 `[H, W, 3]` to bits, uint8 `[16]`."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    across = np.diff(cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(int), axis=1) > 0
    down = np.diff(cv2.resize(grey, (8, 9), interpolation=cv2.INTER_AREA).astype(int), axis=0) > 0
    return np.packbits(np.concatenate([across.ravel(), down.ravel()]))


def near_copies(hashes: UInt8, kept: UInt8) -> NDArray[np.bool_]:
    """Which of `hashes` `[N, 16]` are near copies of any of `kept` `[M, 16]`: bool `[N]`."""
    if len(kept) == 0:
        return np.zeros(len(hashes), bool)
    others = _signs(kept).T
    parts = (_signs(hashes[i : i + AT_ONCE]) @ others for i in range(0, len(hashes), AT_ONCE))
    return np.concatenate([np.zeros(0, bool), *((128 - part.max(axis=1)) / 2 <= NEAR for part in parts)])


def repetitions(hashes: UInt8) -> Int64:
    """The places in `[N, 16]` whose hash stands earlier too."""
    _, first = np.unique(hashes, axis=0, return_index=True)
    return np.setdiff1d(np.arange(len(hashes)), first)


def _signs(hashes: UInt8) -> NDArray[np.float32]:
    return np.unpackbits(hashes, axis=1).astype(np.float32) * 2 - 1
