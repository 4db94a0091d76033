"""What a classifier of activities learns from, and how it looks at a film (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from classifiers.contracts import FramesNeeded
from search.contracts import Float32, Int64

Arch = Literal["frames", "cnn-rnn"]
COLUMNS = ("features", "counts", "truth", "file", "group")


@dataclass(frozen=True, slots=True)
class Look:
    """Which frames of a film a network is shown."""

    size: int
    """Height and width in pixels."""
    fps: float
    window: int
    """Frames that are judged together."""
    most: int
    """Windows of one clip that are learnt from or measured on."""
    fit: Literal["crop", "pad"] = "crop"

    @property
    def needs(self) -> FramesNeeded:
        return FramesNeeded(self.fps, self.size, self.size, self.fit, self.window)


def look_of(arch: Arch, size: int) -> Look:
    """How each way looks: `frames` at single ones, two a second; `cnn-rnn` at courses of 20, two seconds long."""
    if arch == "frames":
        return Look(size, fps=2.0, window=1, most=20)
    return Look(size, fps=10.0, window=20, most=3, fit="pad")


@dataclass(frozen=True, slots=True)
class Examples:
    """N windows with their truth."""

    features: Float32
    """`[N, V, D]`: of the frames of a window in order, or of the views of its only frame, the plain one first."""
    counts: Int64
    """`[N]`: how many of the V are to be looked at."""
    truth: Int64
    """`[N]`: the class."""
    file: Int64
    """`[N]`: the number of the file each is from."""
    group: Int64
    """`[N]`: files of one group are never parted."""

    @classmethod
    def of_file(cls, features: Float32, counts: Int64, truth: int, file: int, group: int) -> Self:
        n = len(features)
        return cls(features, counts, np.full(n, truth), np.full(n, file), np.full(n, group))

    def where(self, chosen: NDArray[np.bool_]) -> Examples:
        """Those that are chosen; files keep their numbers."""
        return Examples(*(getattr(self, name)[chosen] for name in COLUMNS))

    @property
    def mask(self) -> NDArray[np.bool_]:
        """`[N, V]`."""
        shown: NDArray[np.bool_] = np.arange(self.features.shape[1]) < self.counts[:, None]
        return shown


def join_examples(parts: Sequence[Examples]) -> Examples:
    """One after another; at least one."""
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))


def of_files(scores: Float32, file: Int64) -> Float32:
    """Scores of windows `[N, C]` averaged over each file, `[F, C]`; files are numbered without gaps."""
    sums = np.zeros((int(file.max()) + 1, scores.shape[1]))
    np.add.at(sums, file, scores)
    means: Float32 = (sums / np.bincount(file)[:, None]).astype(np.float32)
    return means
