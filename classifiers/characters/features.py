"""What a backbone says of frames: a feature for each square that is looked at."""

from __future__ import annotations

import hashlib
from typing import Literal

import cv2
import numpy as np

from classifiers.backbones import Backbone
from classifiers.characters.looks import cut_looks
from search.contracts import Float32, UInt8

View = Literal["whole", "looks"]
"""The frame squeezed into one square, as the tutorial has it, or the squares of `looks.py`."""
AT_ONCE = 8
"""Frames whose looks are held as pictures."""


def frame_features(backbone: Backbone, frames: UInt8, view: View) -> Float32:
    """RGB uint8 `[N, HEIGHT, WIDTH, 3]` to float32 `[N, K, dim]`; K = 1 for whole frames."""
    parts = [_features(backbone, frames[start : start + AT_ONCE], view) for start in range(0, len(frames), AT_ONCE)]
    return np.concatenate(parts) if parts else _features(backbone, frames, view)


def _features(backbone: Backbone, frames: UInt8, view: View) -> Float32:
    squares = cut_looks(frames, backbone.size) if view == "looks" else _squeezed(frames, backbone.size)
    features = backbone.features(squares.reshape(-1, *squares.shape[2:]))
    return features.reshape(*squares.shape[:2], backbone.dim)


def _squeezed(frames: UInt8, size: int) -> UInt8:
    squares = np.empty((len(frames), 1, size, size, 3), np.uint8)
    for frame, square in zip(frames, squares, strict=True):
        square[0] = cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA)
    return squares


def backbone_fingerprint(backbone: Backbone) -> str:
    """Hexadecimal; of its weights."""
    digest = hashlib.sha256()
    for weight in backbone.network.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()[:32]
