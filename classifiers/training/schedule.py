"""The course of a training over its progress, 0..1. Pure."""

from __future__ import annotations

from math import cos, pi


def progress(step: int, seconds: float, *, steps: int | None, minutes: float | None) -> float:
    """How much is done after so many steps and so much time, where either ends it; None ends nothing."""
    by_time = 0.0 if minutes is None else seconds / (60 * minutes)
    by_step = 0.0 if steps is None else step / steps
    return min(1.0, max(by_time, by_step))


def learning_rate(highest: float, step: int, progress: float, *, warm_up: int, lowest: float = 0.0) -> float:
    """Rises over `warm_up` steps, then falls along a cosine to `lowest`, a share of the highest."""
    fall = lowest + (1 - lowest) * (1 + cos(pi * progress)) / 2
    return highest * min(1.0, (step + 1) / warm_up) * fall


def kept_share(most: float, step: int) -> float:
    """How much of averaged weights is kept after so many steps: the first are forgotten sooner than the last."""
    return min(most, step / (step + 10))
