"""Moments that look the same are shown once: black frames, a film that is there twice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32, Int64
from search.directions import unit
from search.ranking.moments import Moment

SAME = 0.98
"""Cosine from which two clips show the same."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A moment, and those after it in the ranking that look the same."""

    moment: Moment
    others: tuple[Moment, ...] = ()

    @property
    def video_id(self) -> int:
        return self.moment.video_id


def fold_duplicates(moments: Sequence[Moment], vectors: Float32) -> list[Folded]:
    """Each moment is folded into the first one that looks the same and is itself not folded; the order is kept.

    `vectors` float32 `[N, dim]`: those of the peaks of the N moments.
    """
    kept: dict[int, list[Moment]] = {}
    for number, moment in zip(first_alike(look_alike(vectors)).tolist(), moments, strict=True):
        kept.setdefault(number, []).append(moment)
    return [Folded(own[0], tuple(own[1:])) for own in kept.values()]


def look_alike(vectors: Float32) -> NDArray[np.bool_]:
    """Which of the clips with these vectors `[N, dim]` show the same, `[N, N]`."""
    directions = unit(vectors)
    same: NDArray[np.bool_] = directions @ directions.T >= SAME
    return same


def first_alike(same: NDArray[np.bool_]) -> Int64:
    """For each of N the first that is the same and is itself the first of its kind, `[N]`."""
    alone = same.sum(axis=1) == same.diagonal()
    first = np.where(alone, np.arange(len(same)), -1)
    for number in np.flatnonzero(~alone):
        if first[number] < 0:
            first[same[number] & (first < 0)] = number
    return first
