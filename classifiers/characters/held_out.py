"""Which frames a training is judged by: stretches of film, because neighbouring frames are nearly equal (pure)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32, Int64
from search.errors import UsageError

FEWEST = 10
"""Frames, below which there is nothing to learn from and to be judged by."""
SHARE, STRETCHES = 0.2, 4
BESIDE = 2
"""Frames on each side of a stretch that are left out: they show what the stretch shows."""


def check_labels(there: NDArray[np.bool_], characters: tuple[str, ...]) -> None:
    """Raises UsageError unless there are some frames with and some without each character."""
    if len(there) < FEWEST:
        raise UsageError(
            f"{len(there)} labelled frames are too few to learn from.",
            f"Label at least {FEWEST}, better hundreds; `vsearch label` writes them.",
        )
    for name, column in zip(characters, there.T, strict=True):
        if column.all() or not column.any():
            where = "every frame" if column.all() else "no frame"
            raise UsageError(
                f"{name} is on {where}, so there is nothing to tell apart.",
                f"Add frames with and without {name}, or leave its column out.",
            )


def split_in_time(there: NDArray[np.bool_]) -> tuple[Int64, Int64]:
    """Rows to learn from and rows to be judged by, of bool `[N, C]` in the order of film.

    A fifth is held out, in four stretches; they lie where most characters are seen and missed in both parts.
    """
    count = len(there)
    length = max(1, round(count * SHARE / STRETCHES))
    spread = count // STRETCHES
    splits = [
        _split(count, offset, length, spread) for offset in range(0, max(1, spread - length), max(1, length // 2))
    ]
    return max(splits, key=lambda split: _balance(there, *split))


def _split(count: int, offset: int, length: int, spread: int) -> tuple[Int64, Int64]:
    beside = BESIDE if length > 2 * BESIDE else 0
    judged = np.zeros(count, bool)
    near = np.zeros(count, bool)
    for start in range(offset, offset + STRETCHES * spread, spread):
        judged[start : start + length] = True
        near[max(0, start - beside) : start + length + beside] = True
    return np.flatnonzero(~near), np.flatnonzero(judged)


def _balance(there: NDArray[np.bool_], learn: Int64, judge: Int64) -> tuple[int, float]:
    """In how many ways the two parts hold what they must, then how alike they are."""
    parts = there[learn], there[judge]
    seen = [np.minimum(part.sum(axis=0), (~part).sum(axis=0)) > 0 for part in parts]
    unlike = np.abs(parts[0].mean(axis=0) - parts[1].mean(axis=0)).sum() if all(map(len, parts)) else np.inf
    return int(2 * seen[0].sum() + seen[1].sum()), -float(unlike)


def best_threshold(scores: Float32, true: NDArray[np.bool_]) -> float:
    """The score in 0..1 from which on a character counts as there: it has the best F1; 0.5 where none is there.

    Between two neighbouring scores that serve as well, the middle. Both are `[N]`.
    """
    if not true.any():
        return 0.5
    order = np.argsort(-scores)
    sorted_scores, hits = scores[order].astype(np.float64), np.cumsum(true[order])
    f1 = 2 * hits / (np.arange(1, len(scores) + 1) + true.sum())
    lower = np.append(sorted_scores[1:], 0.0)
    f1[sorted_scores == lower] = -1.0  # equal scores are on one side
    best = int(np.argmax(f1))
    return float(np.clip((sorted_scores[best] + lower[best]) / 2, 0.02, 0.98))
