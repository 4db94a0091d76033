"""Variations of faces that leave the expression what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.contracts import Float32, UInt8


@dataclass(frozen=True, slots=True)
class Variation:
    """How far a face may be moved."""

    degrees: float = 12.0
    scale: float = 0.12
    """Share of the size, either way."""
    shift: float = 0.08
    """Share of the side, either way."""
    light: float = 0.2
    """Share of contrast and brightness, either way."""
    erased: float = 0.3
    """How many faces lose a rectangle, 0..1 (arXiv 1708.04896)."""


def varied(faces: UInt8, variation: Variation, rng: np.random.Generator) -> Float32:
    """Grey `[N, S, S]` to float32 `[N, S, S]` 0..255, every other one mirrored, turned, scaled, shifted, relit."""
    import cv2

    n, side = len(faces), faces.shape[1]
    angle = np.radians(rng.uniform(-1, 1, n) * variation.degrees)
    grown = 1 + rng.uniform(-1, 1, n) * variation.scale
    mirror = rng.choice((-1.0, 1.0), n)
    shift = rng.uniform(-1, 1, (n, 2)) * variation.shift * side
    cos, sin = grown * np.cos(angle), grown * np.sin(angle)
    turn = np.stack([np.stack([cos * mirror, -sin], 1), np.stack([sin * mirror, cos], 1)], 1)
    middle = np.full(2, (side - 1) / 2)
    matrices = np.concatenate([turn, (middle + shift - turn @ middle)[:, :, None]], axis=2)
    moved = np.stack(
        [
            cv2.warpAffine(face, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for face, matrix in zip(faces, matrices, strict=True)
        ]
    ).astype(np.float32)
    contrast, brightness = 1 + rng.uniform(-1, 1, (2, n, 1, 1)).astype(np.float32) * np.float32(variation.light)
    lit = np.clip((moved - 127.5) * contrast + 127.5 * brightness, 0, 255)
    return _erase(lit, variation.erased, rng)


def _erase(faces: Float32, share: float, rng: np.random.Generator) -> Float32:
    """Fills a rectangle in some faces with noise, in place."""
    side = faces.shape[1]
    for i in np.flatnonzero(rng.random(len(faces)) < share):
        high, wide = rng.integers(side // 8, side // 3, 2)
        top, left = rng.integers(0, side - high), rng.integers(0, side - wide)
        faces[i, top : top + high, left : left + wide] = rng.uniform(0, 255, (high, wide))
    return faces
