"""How near each clip of one film comes to a question, as a curve over the film. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.asking.aim import Aim
from search.contracts import Float32

TOP = 3.0
"""Deviations above the mean of the library that reach to the top, where no clip of the film lies higher."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A height for each clip, by time."""

    spans: tuple[tuple[float, float], ...]
    """Start and end in seconds."""
    heights: tuple[float, ...]
    """0..1: 0 is no nearer than the library's clips are on average."""


def curve_of(aims: Sequence[Aim], spans: Sequence[tuple[float, float]], vectors: Float32) -> Curve | None:
    """The curve of a film's clips, with vectors `[N, D]`; of several aims the nearest counts.

    None where there is nothing to draw, or spans and vectors are of different generations of the catalog.
    """
    if not aims or not spans or len(spans) != len(vectors):
        return None
    above = [(vectors @ aim.query - aim.scale.mean) / (aim.scale.deviation or 1.0) for aim in aims]
    highest = np.max(above, axis=0)
    heights = np.clip(highest / max(TOP, float(highest.max())), 0.0, 1.0)
    return Curve(tuple(spans), tuple(round(height, 4) for height in heights.tolist()))
