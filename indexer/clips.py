"""From frames with times to clips of a fixed shape (pure).

The grid: time `start + i / fps` shows the last frame whose time is not later, so frames are held over gaps and
dropped where there are too many. A clip is `frames` neighbouring grid points; the next begins `stride` later.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from search.contracts import UInt8

TOLERANCE = 0.001
"""Seconds by which a frame may come late and still be on time: Matroska and FLV round to milliseconds."""


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """How a film is cut into clips; part of the recipe."""

    frames: int
    """Frames a clip."""
    fps: float
    """Frames a second at which the film is sampled."""
    size: int
    """Height and width of a frame in pixels."""
    overlap: float = 0.0
    """Share of a clip that the next one repeats, 0 <= overlap < 1."""
    fit: Literal["crop", "pad"] = "crop"

    def __post_init__(self) -> None:
        if self.frames < 1 or self.size < 1 or not 0 < self.fps < math.inf or not 0 <= self.overlap < 1:
            raise ValueError(f"not a clip plan: {self}")

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    @property
    def stride(self) -> int:
        """Grid points from the beginning of one clip to that of the next."""
        return max(1, round(self.frames * (1 - self.overlap)))


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: its span in seconds of film and its frames, uint8 `[T, S, S, 3]` RGB."""

    start: float
    end: float
    frames: UInt8
    repeats_previous: bool
    """Every frame is one and the same picture, and the clip before showed just that: same vector."""


def grid_steps(time: float, until: float, fps: float, start: float = 0.0) -> range:
    """The grid points `start + i / fps`, i >= 0, that show a frame seen from `time` to `until` (seconds)."""
    return range(_first_step(time - start, fps), _first_step(until - start, fps))


def _first_step(seconds: float, fps: float) -> int:
    return max(0, math.ceil((seconds - TOLERANCE) * fps))


def count_clips(steps: int, plan: ClipPlan) -> int:
    """How many clips a film of `steps` grid points gives: none for an empty film, else every point is covered."""
    if steps == 0:
        return 0
    return 1 + max(0, math.ceil((steps - plan.frames) / plan.stride))


class ClipAssembler:
    """Takes frames in the order of the grid and gives clips in the order of time.

    Holds the frames of one clip at most. A full clip is given when the next frame arrives or the film ends,
    because only then is it known whether the film goes on.
    """

    def __init__(self, plan: ClipPlan, start: float = 0.0) -> None:
        self.plan = plan
        self._start = start
        self._held: list[UInt8] = []
        self._fresh = 0  # how many of the held frames are in no clip yet
        self._first_step = 0  # grid point of the first held frame
        self._still: tuple[UInt8, UInt8] | None = None  # picture and frames of the last clip, if it was one still

    def show(self, frame: UInt8, steps: int) -> Iterator[Clip]:
        """Shows uint8 `[S, S, 3]` for the next `steps` grid points; gives the clips that this completes."""
        for _ in range(steps):
            if len(self._held) == self.plan.frames:
                yield self._take()
            self._held.append(frame)
            self._fresh += 1

    def finish(self, end: float) -> Iterator[Clip]:
        """Ends the film at `end` seconds; the last frame is held to fill the clip that remains, if any does."""
        if self._fresh:
            self._held += [self._held[-1]] * (self.plan.frames - len(self._held))
            yield self._take(end)

    def _take(self, film_end: float = math.inf) -> Clip:
        start = self._start + self._first_step / self.plan.fps
        first = self._held[0]
        if not all(frame is first for frame in self._held):
            repeats, frames, self._still = False, np.stack(self._held), None
        else:
            repeats = self._still is not None and self._still[0] is first
            frames = self._still[1] if repeats and self._still else np.stack(self._held)
            self._still = (first, frames)
        clip = Clip(start, min(start + self.plan.seconds, film_end), frames, repeats)
        del self._held[: self.plan.stride]
        self._first_step += self.plan.stride
        self._fresh = 0
        return clip
