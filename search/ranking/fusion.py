"""One ranking of several whose scores cannot be compared. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def fuse(rankings: Sequence[Sequence[Item]], k: float = 60) -> dict[Item, float]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): the items with their scores, best first.

    Each ranking (best first, each item once) gives its item of rank r, from 1, a score of 1 / (k + r). Equal scores
    keep the order in which the items were met.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return dict(sorted(scores.items(), key=lambda scored: -scored[1]))
