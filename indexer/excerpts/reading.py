"""Every frame of a span of a film, at full size or smaller, with its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from indexer.decoding.clips import TOLERANCE
from indexer.finding.given import no_film
from indexer.sources.base import MAX_PIXELS, CannotDecode, FrameSource, SourceFrame, SourceInfo, Tap
from indexer.sources.pyav import PyavSource
from search.contracts import UInt8
from search.errors import UsageError

NEAR = 10.0
"""Seconds from the beginning up to which decoding all that lies before costs less than a seek may spoil."""


@dataclass(frozen=True, slots=True)
class TimedFrame:
    """A picture and when it is shown."""

    time: float
    """Seconds from the first shown frame of the film."""
    until: float
    """When the next one comes, it would end by itself, or the span does."""
    picture: UInt8
    """RGB `[H, W, 3]`, upright, square pixels."""


def read_span(
    film: Path, start: float = 0.0, end: float = float("inf"), *, longest_side: int | None = None
) -> Iterator[TimedFrame]:
    """The frames shown in `[start, end)` seconds, the one that is on screen at `start` first.

    `longest_side`: pixels, larger pictures are scaled down to it. Raises PathNotFound, and UsageError for a film that
    cannot be decoded or ends before `start`.
    """
    side = longest_side or int(MAX_PIXELS**0.5)
    tap = Tap("excerpt", 1.0, side, side, "inside")
    try:
        for at, (frame, until) in enumerate(_span(film, start, end)):
            yield TimedFrame(max(frame.time, start) if at == 0 else frame.time, until, frame.fitted(tap))
    except CannotDecode as error:
        raise UsageError(f"{film} cannot be used: {error.reason}.", "Name a film that plays.") from error


def film_info(film: Path) -> SourceInfo:
    """What the file says of itself. Raises as `read_span` does."""
    try:
        with closing(open_film(film)) as source:
            return source.info
    except CannotDecode as error:
        raise UsageError(f"{film} cannot be used: {error.reason}.", "Name a film that plays.") from error


def open_film(film: Path) -> PyavSource:
    """Raises PathNotFound, and CannotDecode as the source does."""
    if not film.is_file():
        raise no_film(film, look_around=False)  # a server tells it to its visitors
    return PyavSource(film)


def _span(film: Path, start: float, end: float) -> Iterator[tuple[SourceFrame, float]]:
    """Frames of a span, each with the time until which it is shown."""
    with closing(open_film(film)) as source:
        frames = _from_near(source, start)
        if frames is None:  # the file cannot be entered there
            with closing(open_film(film)) as again:
                yield from _cut(again, again.frames(), start, end)
        else:
            yield from _cut(source, frames, start, end)


def _from_near(source: PyavSource, start: float) -> Iterator[SourceFrame] | None:
    """The frames from some place before `start` on; None where the file gives later ones only."""
    frames = source.frames()
    first = next(frames, None)
    if first is None or start <= NEAR:
        return chain([first] if first else [], frames)
    if not source.leap(start):
        return None
    near = next(frames, None)
    return chain([near], frames) if near and near.time <= start else None


def _cut(
    source: FrameSource, frames: Iterator[SourceFrame], start: float, end: float
) -> Iterator[tuple[SourceFrame, float]]:
    held: SourceFrame | None = None
    for frame in frames:
        if held and frame.time > start + TOLERANCE:
            yield held, min(frame.time, end)
        held = frame
        if frame.time >= end:
            return
    if held is None:
        raise source.why_empty()
    if held.time + held.duration <= start:
        raise CannotDecode("too-short", f"it ends before {start:g} s")
    yield held, min(held.time + held.duration, end)
