"""Vectors without their lengths (pure)."""

from __future__ import annotations

import numpy as np

from search.contracts import Float32


def unit(vectors: Float32) -> Float32:
    """float32 `[…, D]` with each vector of length 1; one of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Float32 = np.divide(vectors, np.maximum(lengths, 1e-12), dtype=np.float32)
    return scaled
