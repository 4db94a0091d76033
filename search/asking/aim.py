"""The vector that clips are ranked by: what is wanted put together, what is unwanted taken away. Pure.

Vectors are weighed by how much the library's clips differ under them (the deviation of their dot products with a
sample of the clips), for sentences differ less than pictures, and encoders make vectors of any length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.contracts import Float32
from search.ranking.scale import Scale, scale_of

MINUS = 0.5
"""Share of a deviation that one deviation towards what is unwanted costs; docs/asking.md has the figures."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What one look asks of the vectors of clips."""

    query: Float32
    """Clips are ranked by their dot product with it, `[D]`."""
    wanted: Float32
    """The same without what is taken away."""
    scale: Scale
    """Of the query's scores in the library."""


def aim_at(wanted: Sequence[Float32], unwanted: Sequence[Float32], sample: Float32) -> Aim:
    """One vector of several, each `[D]`; at least one in all. `sample` `[S, D]`: clips spread over the library.

    A single wanted vector stays as it is, so that scores are dot products as the encoder's authors publish them.
    """
    towards = _together(wanted, sample) if wanted else np.zeros_like(unwanted[0])
    query = towards
    if unwanted:
        away = _together(unwanted, sample)
        query = towards - np.float32(MINUS * _spread(towards, sample) / _spread(away, sample)) * away
    return Aim(query, towards, scale_of(query, sample))


def _together(vectors: Sequence[Float32], sample: Float32) -> Float32:
    """One vector as it is; of several the sum, each with a spread of 1."""
    if len(vectors) == 1:
        return vectors[0]
    total: Float32 = np.sum([vector / np.float32(_spread(vector, sample)) for vector in vectors], axis=0)
    return total


def _spread(vector: Float32, sample: Float32) -> float:
    """The deviation of a vector's scores; its length where there are too few clips to differ."""
    return scale_of(vector, sample).deviation or float(np.linalg.norm(vector)) or 1.0
