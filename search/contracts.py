"""The seams of the first floor: what an encoder and a vector index promise.

Every registered encoder and index passes the checks in `tests/contracts/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What decides an encoder's vectors, and what it wants to be fed."""

    name: str
    """As a person writes it after `--encoder`: `s3d`, `mini`, or the path of a model folder."""
    fingerprint: str
    """Hexadecimal; equal fingerprints give equal vectors."""
    dim: int
    frames: int
    """Frames a clip."""
    fps: float
    """Frames a second at which a clip is sampled."""
    size: int
    """Height and width of a frame in pixels."""


class Encoder(Protocol):
    """Clips and sentences to vectors of one space; similarity is the dot product."""

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_clips(self, clips: UInt8) -> Float32:
        """RGB uint8 `[N, frames, size, size, 3]` to float32 `[N, dim]`. N may be 0."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        """N sentences to float32 `[N, dim]`. N may be 0; no sentence raises."""
        ...

    def unknown_words(self, text: str) -> list[str]:
        """The words of `text` that do not reach the vector, in order, lower-cased; empty when it cannot tell."""
        ...


class VectorIndex(Protocol):
    """Nearest vectors by inner product, under ids that are never reused."""

    @property
    def dim(self) -> int: ...

    def __len__(self) -> int: ...

    def ids(self) -> Int64:
        """The ids held, ascending, int64 `[N]`."""
        ...

    def vectors(self, ids: Int64) -> Float32:
        """What is held under these ids, float32 `[N, dim]`."""
        ...

    def add(self, ids: Int64, vectors: Float32) -> None:
        """Adds float32 `[N, dim]` under int64 ids `[N]`."""
        ...

    def remove(self, ids: Int64) -> None:
        """Forgets these ids; unknown ones are passed over."""
        ...

    def search(self, query: Float32, k: int, allowed: Int64 | None = None) -> tuple[Int64, Float32]:
        """The `min(k, matches)` best ids with their scores, best first.

        `query` is float32 `[dim]`. `allowed` restricts the search itself: with it, matches are the ids held that
        are also in `allowed` (ascending int64), so a filter never costs results.
        """
        ...

    def save(self, path: Path) -> None: ...

    @classmethod
    def load(cls, path: Path) -> Self: ...
