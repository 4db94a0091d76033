"""Scores that do not flicker (pure)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32, Int64

Float64: TypeAlias = NDArray[np.float64]


def rolling_average(scores: Float32, window: int, *, trailing: bool = False) -> Float32:
    """Rolling prediction averaging: each row of float32 `[N, L]` becomes the mean of the `window` rows around it.

    Windows shrink at the ends. `trailing` takes the last `window` rows instead, as one must while a film still runs.
    A row of NaN has nothing to say: it stays one, and the averages of others pass over it. Raises ValueError for a
    window below 1.
    """
    if window < 1:
        raise ValueError(f"a window of {window} rows holds none")
    first, last = _windows(len(scores), window, trailing)
    speaks: NDArray[np.bool_] = ~np.isnan(scores.sum(axis=1))
    sums = _prefix_sums(np.where(speaks[:, None], scores, 0.0).astype(np.float64))
    counts = _prefix_sums(speaks.astype(np.float64))
    means = (sums[last] - sums[first]) / np.maximum(counts[last] - counts[first], 1.0)[:, None]
    averaged: Float32 = np.where(speaks[:, None], means, np.nan).astype(np.float32)
    return averaged


def _windows(rows: int, window: int, trailing: bool) -> tuple[Int64, Int64]:
    """For each row where its window begins, and where it ends (exclusive)."""
    at = np.arange(rows, dtype=np.int64)
    before = window - 1 if trailing else (window - 1) // 2
    return np.maximum(at - before, 0), np.minimum(at - before + window, rows)


def _prefix_sums(values: Float64) -> Float64:
    """`sums[i]` is the sum of the first i rows."""
    return np.concatenate([np.zeros_like(values, shape=(1, *values.shape[1:])), np.cumsum(values, axis=0)])
