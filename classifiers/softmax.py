"""From logits to probabilities (pure)."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=NDArray[np.floating[Any]])


def softmax(logits: T) -> T:
    """Over the last axis; of the same shape and dtype."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: T = powers / powers.sum(axis=-1, keepdims=True)
    return shares
