"""From a track to segments: smoothing, hysteresis, short gaps bridged (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from classifiers.smoothing import rolling_average
from search.catalog.records import Segment, Track
from search.contracts import Float32

ROUNDING = 1e-6
"""Seconds that times lose as sums of floats."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How the segments of one kind are made from its track; seconds of film, scores 0..1."""

    smooth: float
    """Seconds over which scores are averaged; 0 leaves them as they are."""
    enter: float
    """The score that a segment reaches at least once."""
    leave: float
    """The score that it never falls below, bridged gaps aside."""
    min_seconds: float = 0.0
    """Shorter segments are dropped, unless the whole film is shorter."""
    max_gap: float = 0.0
    """Two segments of one label no further apart than this are one."""
    exclusive: bool = False
    """At any time only the strongest label counts."""

    def __post_init__(self) -> None:
        if not 0 <= self.leave <= self.enter <= 1:
            raise ValueError(f"needs 0 <= leave <= enter <= 1, not leave {self.leave} and enter {self.enter}")
        if min(self.smooth, self.min_seconds, self.max_gap) < 0:
            raise ValueError("seconds cannot be negative")


def find_segments(track: Track, rule: Rule, duration: float) -> list[Segment]:
    """The segments of a film of `duration` seconds, by label and time; those of one label do not overlap.

    Two thresholds, as in Canny's edge linking: rows in a row that stay at `leave` or above and reach `enter`. The
    score of a segment is the mean of its smoothed scores.
    """
    scores = rolling_average(track.scores, max(1, round(rule.smooth / track.step)))
    scores = np.nan_to_num(scores, nan=-1.0)
    if rule.exclusive and scores.size:
        scores = np.where(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None], scores, -1.0)
    found: list[Segment] = []
    for column, label in enumerate(track.labels):
        for first, last in _bridged(_runs(scores[:, column], rule), track, rule.max_gap):
            held = scores[first : last + 1, column]
            start, end = first * track.step, min(last * track.step + track.span, duration)
            if end > start and end - start >= min(rule.min_seconds, duration) - ROUNDING:
                found.append(Segment(track.kind, label, start, end, float(held[held >= 0].mean())))
    return found


def _runs(scores: Float32, rule: Rule) -> Iterator[tuple[int, int]]:
    """First and last row of each stretch at `leave` or above that reaches `enter`."""
    held = np.concatenate([[False], scores >= rule.leave, [False]])
    edges = np.flatnonzero(held[1:] != held[:-1])
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if scores[first:end].max() >= rule.enter:
            yield first, end - 1


def _bridged(runs: Iterator[tuple[int, int]], track: Track, max_gap: float) -> Iterator[tuple[int, int]]:
    """Joins runs between which no more than `max_gap` seconds lie, or which overlap because their rows do."""
    joined: tuple[int, int] | None = None
    for first, last in runs:
        if joined and first * track.step - (joined[1] * track.step + track.span) <= max_gap:
            joined = joined[0], last
        else:
            if joined:
                yield joined
            joined = first, last
    if joined:
        yield joined
