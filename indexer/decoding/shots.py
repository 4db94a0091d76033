"""Where one shot ends and the next begins, found frame by frame while a film is decoded.

The decision is that of PySceneDetect's AdaptiveDetector, at its defaults: how much hue, saturation and light change
from one look to the next, against the looks around, so that a camera that moves makes no cut. It looks 12.5 times a
second at 64 pixels; at a cut the frames between two looks are compared, so that a cut has the time of the new shot's
first frame. A slow fade is no cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.decoding.clips import grid_steps
from indexer.sources.base import SourceFrame, Tap
from search.contracts import UInt8

FOUND = 1
"""Raised when the code that finds cuts finds others than before."""
LOOKS = Tap("shots", fps=12.5, width=64, height=64, fit="inside")
WINDOW = 2
"""Looks before and after that a change is held against; a cut is known so many looks late."""
SHORTEST = 0.5
"""Seconds. Of cuts nearer to each other only the first is told, and a picture held for so long is a shot."""
FLASH = 0.5
"""A picture comes back that differs by less than this share of the change: it was a flash and no cut."""


@dataclass(frozen=True, slots=True)
class _Look:
    time: float
    picture: UInt8
    """BGR `[H, W, 3]`."""


class CutFinder:
    """Takes the frames of one film in their order. Holds those between a few looks, a quarter of a second."""

    def __init__(self) -> None:
        from scenedetect.detectors import AdaptiveDetector  # type: ignore[import-untyped]

        self._detector = AdaptiveDetector(min_scene_len=SHORTEST, window_width=WINDOW)
        self._looks: deque[_Look] = deque(maxlen=WINDOW + 2)
        self._passed: list[SourceFrame] = []
        """The frames since the last look."""
        self._between: deque[tuple[SourceFrame, ...]] = deque()
        """For each of the last looks the frames since the one before, itself the last; none where it was held."""
        self.settled = -1.0
        """Seconds: all cuts up to here are known."""

    def see(self, frame: SourceFrame, until: float) -> list[float]:
        """Takes a frame that is shown until `until` seconds; gives the cuts, in seconds, that are known thereby.

        A frame held for long is looked at often enough to stand for a shot, however few frames a film has.
        """
        self._passed.append(frame)
        if not grid_steps(frame.time, until, LOOKS.fps):
            return []
        picture, passed = self._picture(frame), tuple(self._passed)
        self._passed.clear()
        cuts = [*self._look(_Look(frame.time, picture), passed)]
        again = WINDOW if until - frame.time >= SHORTEST else 0
        for number in range(1, again + 1):
            cuts += self._look(_Look(frame.time + number / LOOKS.fps, picture), ())
        return cuts

    def _look(self, look: _Look, passed: tuple[SourceFrame, ...]) -> Iterator[float]:
        """Gives the cut before the look that is `WINDOW` looks back, if there is one."""
        from scenedetect.common import FrameTimecode  # type: ignore[import-untyped]

        found = self._detector.process_frame(FrameTimecode(look.time, LOOKS.fps), look.picture)
        self._looks.append(look)
        self._between.append(passed)
        if len(self._looks) <= WINDOW:
            return
        self.settled = self._looks[-1 - WINDOW].time
        frames = self._between.popleft()
        if found:
            before, first, after = (self._looks[number].picture for number in (0, 1, -1))
            if _difference(before, after) >= FLASH * _difference(before, first):
                pictures = [before, *(self._picture(frame) for frame in frames[:-1]), first]
                changes = [_difference(*pair) for pair in pairwise(pictures)]
                yield frames[int(np.argmax(changes))].time

    def _picture(self, frame: SourceFrame) -> UInt8:
        """Of one size throughout, whatever becomes of the film's own."""
        import cv2

        picture = frame.fitted(LOOKS)
        if self._looks and picture.shape != (shape := self._looks[-1].picture.shape):
            picture = np.asarray(cv2.resize(picture, (shape[1], shape[0])), np.uint8)
        return np.ascontiguousarray(picture[..., ::-1])


def _difference(one: UInt8, other: UInt8) -> float:
    """Mean absolute difference of two pictures, 0..255."""
    return float(np.abs(one.astype(np.int16) - other).mean())
