"""From frames seen each second to appearances: stretches of one shot that look the same throughout (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.catalog.appearances import NewAppearance
from search.contracts import Float32, Float64, Int64


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of one shot, one after the other, that look alike."""

    frames: range
    appearance: NewAppearance

    @property
    def shown(self) -> int:
        """The frame that stands for it."""
        return self.frames[len(self.frames) // 2]


def find_stretches(
    vectors: Float32, cuts: Sequence[float], fps: float, duration: float, threshold: float
) -> list[Stretch]:
    """The stretches of a film of `duration` seconds, in order; together they cover every shot that has a frame.

    `vectors`: float32 `[N, D]`, of length 1, of the frames at (i + 0.5) / fps seconds. A frame goes on with the
    stretch before while the cosine with the mean of its frames is `threshold` or more; a shot begins a new one.
    """
    times = np.minimum((np.arange(len(vectors)) + 0.5) / fps, duration)
    shots = np.searchsorted(np.asarray(cuts, np.float64), times, side="right")
    edges = [0.0, *cuts, duration]
    firsts = _firsts(vectors, shots, threshold)
    stretches = []
    for first, end in zip(firsts, [*firsts[1:], len(vectors)], strict=True):
        total = vectors[first:end].sum(axis=0)
        start, until = _span(first, end, shots, edges, times)
        if until > start:
            mean = total / max(float(np.linalg.norm(total)), 1e-9)
            stretches.append(Stretch(range(first, end), NewAppearance(start, until, mean)))
    return stretches


def _firsts(vectors: Float32, shots: Int64, threshold: float) -> list[int]:
    """Where a stretch begins."""
    firsts: list[int] = []
    total = np.zeros(vectors.shape[1], np.float32)
    for at, vector in enumerate(vectors):
        length = max(float(np.linalg.norm(total)), 1e-9)
        if not firsts or shots[at] != shots[at - 1] or float(total @ vector) / length < threshold:
            firsts.append(at)
            total = vector.copy()
        else:
            total += vector
    return firsts


def _span(first: int, end: int, shots: Int64, edges: Sequence[float], times: Float64) -> tuple[float, float]:
    """From frame `first` to before frame `end`: half-way to their neighbours, or to the edges of the shot."""
    shot = int(shots[first])
    start, until = edges[shot], edges[shot + 1]
    if first and shots[first - 1] == shot:
        start = (times[first - 1] + times[first]) / 2
    if end < len(times) and shots[end] == shot:
        until = (times[end - 1] + times[end]) / 2
    return float(start), float(until)
