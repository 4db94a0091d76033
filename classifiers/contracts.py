"""The seam of the second floor: what a classifier promises. Arrays in, scores out.

Every registered classifier passes the checks in `tests/contracts/test_classifier_contract.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from search.contracts import Encoder, Float32, UInt8


@dataclass(frozen=True, slots=True)
class FramesNeeded:
    """It looks at frames, taken at even times, one by one or in windows of several."""

    fps: float
    """Frames a second."""
    width: int
    height: int
    fit: Literal["crop", "pad", "inside"]
    """`crop` and `pad` fill exactly width x height; `inside` keeps the whole picture, at most that large."""
    window: int = 1
    """Frames of one row of scores. 1: a batch is `[N, H, W, 3]`; more: `[N, window, H, W, 3]`, one after another."""


@dataclass(frozen=True, slots=True)
class ClipVectorsNeeded:
    """It looks at the vectors of the library's encoder, float32 `[N, D]`, a row a clip; nothing is decoded for it."""


Needs = FramesNeeded | ClipVectorsNeeded


@dataclass(frozen=True, slots=True)
class ClassifierSpec:
    """What decides a classifier's scores, and what it wants to be fed."""

    kind: str
    """The kind of its tags: `emotion`, `activity`, `character`."""
    labels: tuple[str, ...]
    fingerprint: str
    """Hexadecimal; equal fingerprints give equal scores."""
    needs: Needs


class Classifier(Protocol):
    """Frames or clip vectors to scores."""

    @property
    def spec(self) -> ClassifierSpec: ...

    def scores(self, batch: UInt8 | Float32) -> Float32:
        """RGB uint8 frames or float32 clip vectors, as `spec.needs` says, to float32 `[N, L]` in 0..1.

        A row of NaN: nothing to say, no face for example. N may be 0.
        """
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What a library's classifiers are opened with; what a person chose, remembered by the library."""

    encoder: Encoder
    """The library's own."""
    activity: str = "zero-shot"
    """`zero-shot`, `i3d`, or the folder of a model that `vsearch train activity` made."""
    labels: Path | None = None
    """The sentences of `zero-shot`, a label a line; None for the encoder's own list."""
    characters: str | None = None
    """`drawn` for the shipped cast, or the folder of a model that `vsearch train characters` made."""
