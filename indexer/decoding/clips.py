"""From frames with times to clips of a fixed shape (pure).

The grid: time `start + i / fps` shows the last frame whose time is not later, so frames are held over gaps and
dropped where there are too many. A clip is `frames` neighbouring grid points; the next begins `stride` later.

With `shots`, the grid begins anew at each cut and no clip shows two shots. What is left at the end of a shot, where
it is short, goes with the clip before; else it has a clip that is moved back until it shows that shot alone. In a
shot shorter than a clip the last frame is held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from search.contracts import UInt8

SLACK = 0.25
"""Share of a clip, at most, that the last clip of a shot may go on beyond the frames it shows."""
TOLERANCE = 0.001
"""Seconds by which a frame may come late and still be on time: Matroska and FLV round to milliseconds."""
Fit = Literal["crop", "pad"]
"""How pictures become square: their edges are cut off, or bars are added."""


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
    fit: Fit = "crop"
    shots: bool = False
    """Whether clips lie inside shots."""

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

    Holds the frames of two clips and a bit at most. A full clip is given when it is known whether the film goes on
    behind it, or with shots, for how long.
    """

    def __init__(self, plan: ClipPlan, start: float = 0.0) -> None:
        self.plan = plan
        self._most = plan.frames + (int(SLACK * plan.frames) if plan.shots else 0)
        self._still: tuple[UInt8, UInt8] | None = None  # picture and frames of the last clip, if it was one still
        self._begin(start)

    def _begin(self, start: float) -> None:
        self._start = start
        self._held: list[UInt8] = []
        self._passed: list[UInt8] = []  # the frames right before those that are held
        self._fresh = 0  # how many of the held frames are in no clip yet
        self._first_step = 0  # grid point of the first held frame

    def show(self, frame: UInt8, steps: int) -> Iterator[Clip]:
        """Shows uint8 `[S, S, 3]` for the next `steps` grid points; gives the clips that this completes."""
        for _ in range(steps):
            if len(self._held) == self._most:
                yield self._take()
            self._held.append(frame)
            self._fresh += 1

    def cut(self, at: float) -> Iterator[Clip]:
        """Ends the shot at `at` seconds, where the next one and its grid begin; gives what is left of it."""
        yield from self.finish(at)
        self._begin(at)

    def finish(self, end: float) -> Iterator[Clip]:
        """Ends the film, or a shot, at `end` seconds; gives the clip that remains, filled up, if any does."""
        if self._fresh:
            if self.plan.shots and len(self._held) < self.plan.frames:
                self._move_back(self.plan.frames - len(self._held))
            self._held += [self._held[-1]] * (self.plan.frames - len(self._held))
            yield self._take(end)

    def _move_back(self, steps: int) -> None:
        """Takes up to so many of the frames again that lie before those that are held."""
        again = self._passed[-steps:]
        self._held[:0] = again
        self._first_step -= len(again)

    def _take(self, end: float | None = None) -> Clip:
        """The next clip; it is the last one where the `end` of what is shown is given, in seconds."""
        plan, start = self.plan, self._start + self._first_step / self.plan.fps
        end = start + plan.seconds if end is None else min(start + len(self._held) / plan.fps, end)
        clip = Clip(start, end, *self._stacked(self._held[: plan.frames]))
        self._fresh = len(self._held[plan.frames :])
        self._passed = self._held[: plan.stride]
        del self._held[: plan.stride]
        self._first_step += plan.stride
        return clip

    def _stacked(self, pictures: Sequence[UInt8]) -> tuple[UInt8, bool]:
        """The frames of a clip, and whether they repeat the clip before."""
        first = pictures[0]
        if not all(picture is first for picture in pictures):
            self._still = None
            return np.stack(pictures), False
        if self._still and self._still[0] is first:
            return self._still[1], True
        self._still = (first, np.stack(pictures))
        return self._still[1], False
