"""Cameras and streams: the newest frame only. What comes while a frame is worked on is dropped, never queued."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

import cv2
import numpy as np

from indexer.excerpts.reading import TimedFrame
from search.contracts import UInt8
from search.errors import CannotGoOn

PATIENCE = 10.0
"""Seconds without a frame after which a camera or stream counts as ended."""
HOLD = 0.04
"""Seconds for which a live frame is shown at least."""


class Newest:
    """Holds the newest of the frames that a thread reads."""

    def __init__(self, read: Callable[[], UInt8 | None]) -> None:
        """`read` waits for a frame RGB `[H, W, 3]`; None is the end."""
        self._read = read
        self._changed = threading.Condition()
        self._frame: UInt8 | None = None
        self._time = 0.0
        self._ended = False
        self.dropped = 0
        threading.Thread(target=self._run, daemon=True, name="newest-frame").start()

    def frames(self, stopped: Callable[[], bool]) -> Iterator[TimedFrame]:
        """Frames with the seconds since the first one, until the end or until `stopped`; then no more are read."""
        first: float | None = None
        try:
            while (taken := self._take(stopped)) is not None:
                picture, at = taken
                first = at if first is None else first
                yield TimedFrame(at - first, at - first + HOLD, picture)
        finally:
            self._ended = True

    def _take(self, stopped: Callable[[], bool]) -> tuple[UInt8, float] | None:
        waited_until = time.monotonic() + PATIENCE
        with self._changed:
            while self._frame is None:
                if self._ended or stopped() or time.monotonic() > waited_until:
                    return None
                self._changed.wait(0.1)
            picture, self._frame = self._frame, None
            return picture, self._time

    def _run(self) -> None:
        while not self._ended and (frame := self._read()) is not None:
            with self._changed:
                self.dropped += self._frame is not None
                self._frame, self._time = frame, time.monotonic()
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()


def open_camera(number: int) -> Newest:
    """Raises CannotGoOn where there is no such camera."""
    camera = cv2.VideoCapture(number)
    if not camera.isOpened():
        raise CannotGoOn(f"There is no camera {number}.", "Name another number, or a file.")

    def read() -> UInt8 | None:
        got, picture = camera.read()
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8) if got else None

    return Newest(read)


def open_stream(stream: BinaryIO | None = None) -> Newest:
    """A film that arrives on a stream (standard input by default) in a container, such as Matroska or MPEG-TS.

    Raises CannotGoOn where what arrives is none.
    """
    import av

    try:
        container = av.open(stream or sys.stdin.buffer, "r")
        frames = container.decode(video=0)
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise CannotGoOn(
            "What arrives on standard input is no film.",
            "Send a container, as in `ffmpeg … -f matroska - | vsearch …`.",
        ) from error

    def read() -> UInt8 | None:
        try:
            frame = next(frames, None)
        except av.FFmpegError:
            return None
        return None if frame is None else np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)

    return Newest(read)
