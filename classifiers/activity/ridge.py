"""Ridge regression on classes, and the weights of several (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.softmax import softmax
from search.contracts import Int64

Array = NDArray[np.floating[Any]]
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Of the penalty, in units in which an example's squared length is 1 on average."""


@dataclass(frozen=True, slots=True)
class Linear:
    """An affine map of rows `[N, D]` to `[N, C]`."""

    kernel: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        return rows @ self.kernel + self.bias


class Ridge:
    """One regression at any strength: what does not depend on it is done once."""

    def __init__(self, rows: Array, targets: Array) -> None:
        """`[N, D]` and `[N, C]`; columns are standardised, so that none counts for its unit."""
        rows = rows.astype(np.float64)
        self._mean, deviation = rows.mean(axis=0), rows.std(axis=0)
        self._scale = 1 / ((deviation + 1e-3 * deviation.mean() + 1e-9) * np.sqrt(rows.shape[1]))
        self._targets = targets.mean(axis=0)
        left, self._singular, self._right = np.linalg.svd((rows - self._mean) * self._scale, full_matrices=False)
        self._turned = left.T @ (targets - self._targets)

    def fit(self, strength: float) -> Linear:
        shrunk = self._singular / (self._singular**2 + strength)
        kernel = self._scale[:, None] * (self._right.T @ (shrunk[:, None] * self._turned))
        return Linear(kernel, self._targets - self._mean @ kernel)


def fit_ridge(rows: Array, targets: Array, strength: float) -> Linear:
    return Ridge(rows, targets).fit(strength)


def weigh(outputs: Sequence[Array], truth: Int64, steps: int = 300) -> NDArray[np.float64]:
    """The weights >= 0 of several regressions' outputs `[N, C]` whose weighted sum, through a softmax, fits best.

    Multiplicative steps down the cross-entropy, which is convex in the weights (exponentiated gradient: Kivinen and
    Warmuth, Information and Computation 132, 1997).
    """
    stacked = np.stack(outputs)
    target = np.eye(stacked.shape[2])[truth]
    weights = np.ones(len(stacked))
    for _ in range(steps):
        logits = np.einsum("b,bnc->nc", weights, stacked)
        surplus = softmax(logits) - target
        slope = np.einsum("nc,bnc->b", surplus, stacked) / len(truth)
        weights = np.clip(weights * np.exp(-slope), 1e-3, 50.0)
    return weights
