"""What frames look like as a whole: a vector each, by which similar frames are found.

The strongest answer anywhere in the frame counts (maximum over the places of a middle block): a small character is
not averaged away, and it does not matter where it stands. docs/naming.md has the blocks compared.
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
AT_ONCE = 8
"""Frames that the trunk sees together."""


class FrameLooks:
    """The bundled trunk, asked what whole frames look like."""

    def __init__(self) -> None:
        """Raises ModelUnavailable where the trunk's weights are missing."""
        self._trunk = FrameTrunk(BLOCK)

    def vectors(self, frames: UInt8) -> Float32:
        """RGB uint8 `[N, H, W, 3]`, N at least 1, to float32 `[N, D]`, each of length 1."""
        shown = np.stack([scaled(frame, WIDTH, HEIGHT) for frame in frames])
        batches = (shown[at : at + AT_ONCE] for at in range(0, len(shown), AT_ONCE))
        strongest = np.concatenate([self._trunk.places(batch).max(axis=(1, 2)) for batch in batches])
        lengths = np.linalg.norm(strongest, axis=1, keepdims=True)
        vectors: Float32 = strongest / np.maximum(lengths, 1e-9)
        return vectors

    @cached_property
    def fingerprint(self) -> str:
        """Hexadecimal; equal fingerprints give equal vectors."""
        return self._trunk.fingerprint(f"{WIDTH} {HEIGHT} {BLOCK} max")
