"""A film or a camera as a stream of annotated pictures, in its own time: what comes too late is left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from classifiers.emotion.labels import LABELS
from indexer.annotating.drawing import annotate
from indexer.annotating.watching import Watch
from indexer.excerpts.reading import TimedFrame
from indexer.pictures.picture_files import encoded

SIDE = 640
"""Pixels of the longest side of a streamed picture."""
QUALITY = 80
"""Of its JPEG, 0..100."""
LATE = 0.5
"""Seconds behind, beyond which the clock is set anew: the machine cannot keep up, or stood still."""
Clock = Callable[[], float]


def paced(
    frames: Iterator[TimedFrame], now: Clock = time.monotonic, wait: Callable[[float], None] = time.sleep
) -> Iterator[TimedFrame]:
    """Frames of a file when they are to be shown; those whose time is over already are left out."""
    began: float | None = None
    for frame in frames:
        began = now() - frame.time if began is None else began
        behind = now() - began - frame.until
        if behind > LATE:
            began += behind
        elif behind > 0:
            continue
        wait(max(0.0, frame.time - (now() - began)))
        yield frame


def jpegs(frames: Iterator[TimedFrame], watch: Watch, stopped: Callable[[], bool]) -> Iterator[bytes]:
    """Each frame as a JPEG with what is known of it drawn on, until `stopped`."""
    for frame in frames:
        if stopped():
            return
        page = annotate(frame.picture, watch.watch(frame.time, frame.picture), LABELS)
        yield encoded(page, quality=QUALITY)
