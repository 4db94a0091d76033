"""Moments that look the same are shown once: black frames, a film that is there twice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.contracts import Float32
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
    directions = unit(vectors)
    same = directions @ directions.T >= SAME
    first = np.full(len(moments), -1)
    for number in range(len(moments)):
        if first[number] < 0:
            first[same[number] & (first < 0)] = number
    kept: dict[int, list[Moment]] = {}
    for number, moment in zip(first.tolist(), moments, strict=True):
        kept.setdefault(number, []).append(moment)
    return [Folded(own[0], tuple(own[1:])) for own in kept.values()]
