"""One film, looked at once a second: its appearances, and a small picture of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from classifiers.contracts import FramesNeeded
from indexer.decoding.decode import Decoder, OnProgress
from indexer.decoding.outcome import DecodeOutcome
from indexer.decoding.takers import NeededFrames
from indexer.grouping.spans import find_stretches
from indexer.pictures.picture_files import encoded, fit_picture
from indexer.sources.base import Tap
from search.catalog.appearances import NewAppearance
from search.contracts import Float32, UInt8

FPS = 1.0
FRAMES = FramesNeeded(FPS, width=320, height=180, fit="inside")
PICTURE = Tap("picture", FPS, 160, 160, "inside")
QUALITY = 80
"""Of the pictures, 0..100."""
ALIKE = 0.95
"""The cosine from which the frames of a shot look alike; docs/naming.md has what other values do."""


class Looks(Protocol):
    """What says how alike frames are."""

    @property
    def fingerprint(self) -> str: ...

    def vectors(self, frames: UInt8) -> Float32:
        """RGB uint8 `[N, H, W, 3]` to float32 `[N, D]`, of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What was found in a film; nothing where it could not be decoded."""

    appearances: list[NewAppearance]
    pictures: list[bytes]
    """A JPEG of each."""
    outcome: DecodeOutcome


def look_at(
    path: Path, decoder: Decoder, looks: Looks, on_progress: OnProgress, interrupted: Callable[[], bool]
) -> LookedAt | None:
    """All appearances of a film in the order of time; None when interrupted. No file raises."""
    vectors: list[Float32] = []
    pictures: list[bytes] = []
    for taken in decoder.decode_all(path, None, [FRAMES], cuts=True, on_progress=on_progress):
        if interrupted():
            return None
        if isinstance(taken, NeededFrames):
            vectors.append(np.repeat(looks.vectors(np.stack(taken.rows)), taken.repeats, axis=0))
            for row, times in zip(taken.rows, taken.repeats, strict=True):
                pictures += [small_picture(row)] * times
    outcome = decoder.outcome
    if not vectors:
        return LookedAt([], [], outcome)
    found = find_stretches(np.concatenate(vectors), decoder.cuts, FPS, outcome.facts.duration, ALIKE)
    shown = [pictures[stretch.shown] for stretch in found]
    return LookedAt([stretch.appearance for stretch in found], shown, outcome)


def small_picture(frame: UInt8) -> bytes:
    """RGB uint8 `[H, W, 3]` as a JPEG that fits the box of a picture; never larger than the frame."""
    return encoded(fit_picture(frame, PICTURE), quality=QUALITY)
