"""How well the shots of drawn films could be told apart by someone who sees everything: the ceiling of a figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from indexer.samples.captions import Caption
from indexer.samples.script import Shot


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Recalls as fractions 0..1."""

    r1: float
    r5: float


def ceiling(told: Sequence[tuple[Shot, Caption]]) -> Ceiling:
    """The recalls of perfect knowledge when each caption is asked for among all distinct shots.

    Every shot that a caption is true of is as good an answer as the one it was written for, so with m of them that
    one is first in 1 of m orders, among five in 5 of m.
    """
    shots = list(dict.fromkeys(shot for shot, _ in told))
    alike: dict[frozenset[str], Counter[Hashable]] = {}
    for fields in {caption.told for _, caption in told}:
        alike[fields] = Counter(_seen(shot, fields) for shot in shots)
    matches = [alike[caption.told][_seen(shot, caption.told)] for shot, caption in told]
    r1, r5 = (sum(min(1.0, k / m) for m in matches) / max(1, len(matches)) for k in (1, 5))
    return Ceiling(r1, r5)


def _seen(shot: Shot, fields: frozenset[str]) -> Hashable:
    """What a shot shows of some fields; no caption tells who of two stands where."""
    seen = {"characters": frozenset(shot.characters)}
    return frozenset((field, seen.get(field) or getattr(shot, field)) for field in fields)
