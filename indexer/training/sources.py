"""Where training clips come from: a source gives a clip with the sentences that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from search.contracts import Float32, UInt8


@dataclass(frozen=True, slots=True)
class Example:
    """One clip, RGB uint8 `[T, S, S, 3]`, and sentences that are true of it."""

    frames: UInt8
    captions: tuple[str, ...]
    false: tuple[str, ...] = ()
    """Sentences that come close, and are not true of it."""
    target: Float32 | None = None
    """Where a teacher puts the clip, float32 `[D]`."""
    twin: Example | None = None
    """A clip that differs from this one in its motion alone."""
    mirrors: bool = True
    """Whether its mirror may be learnt from too."""


class TrainingSource(Protocol):
    """Both methods are functions of the random generator alone."""

    def example(self, rng: np.random.Generator) -> Example: ...

    def caption(self, rng: np.random.Generator) -> str:
        """A sentence of the kind that `example` gives, without drawing the clip."""
        ...


class MixedSources:
    """Several sources; each has its share of the clips and sentences."""

    def __init__(self, sources: Sequence[tuple[TrainingSource, float]]) -> None:
        self._sources = [source for source, _ in sources]
        weights = np.array([weight for _, weight in sources])
        self._shares = weights / weights.sum()

    def example(self, rng: np.random.Generator) -> Example:
        return self._pick(rng).example(rng)

    def caption(self, rng: np.random.Generator) -> str:
        return self._pick(rng).caption(rng)

    def _pick(self, rng: np.random.Generator) -> TrainingSource:
        return self._sources[int(rng.choice(len(self._sources), p=self._shares))]
