"""In-between frames of films: a row between two frames, and slow motion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from indexer.excerpts.reading import TimedFrame, read_span
from indexer.tweening.flow import between
from search.contracts import UInt8
from search.errors import UsageError
from search.settings import read_settings

Tweening = Callable[[UInt8, UInt8, Sequence[float]], Iterator[UInt8]]
"""Two frames `[H, W, 3]` and times 0..1 to the frames at those times."""
METHODS = ("flow", "hub")


def open_method(name: str) -> Tweening:
    """`flow` at once, `hub` after seconds. Raises ModelUnavailable, DiskFull."""
    if name == "flow":
        return between
    from indexer.tweening.hub import open_hub

    return open_hub(read_settings())


def tween_row(
    film: Path, place: tuple[float, float | None], count: int, tweening: Tweening, longest_side: int | None
) -> list[UInt8]:
    """A frame, `count` in-between frames, and a later one; `place` is the second of the first and how much later.

    None is the next frame. Raises UsageError where there is no later frame, and as `read_span` does.
    """
    at, gap = place
    end = float("inf") if gap is None else at + gap + 1e-6
    first, last = None, None
    for frame in read_span(film, at, end, longest_side=longest_side):
        if first is None:
            first = frame.picture
            continue
        last = frame.picture
        if gap is None:
            break
    if first is None or last is None:
        raise UsageError(
            f"{film} shows no other frame so soon after {at:g} s.", "Name an earlier --at or a longer --gap."
        )
    return list(tweening(first, last, [i / (count + 1) for i in range(count + 2)]))


def slow_motion(
    film: Path, span: tuple[float, float], factor: int, tweening: Tweening, longest_side: int | None
) -> Iterator[TimedFrame]:
    """The frames of a span `[start, end)` and `factor - 1` between each two: all lasts `factor` times as long.

    A frame that stays on screen has nothing between. Raises as `read_span` does.
    """
    start, end = span
    frames = read_span(film, start, end, longest_side=longest_side)
    first = next(frames, None)
    if first is None:
        return
    following = first
    for frame, following in pairwise(_and(first, frames)):
        shares = [i / factor for i in range(factor)]
        pictures = tweening(frame.picture, following.picture, shares)
        length = following.time - frame.time
        for i, picture in enumerate(pictures):
            begin = (frame.time - start) * factor + i * length
            yield TimedFrame(begin, begin + length, picture)
    begin = (following.time - start) * factor
    last = next(iter(tweening(following.picture, following.picture, [0.0])))
    yield TimedFrame(begin, begin + (following.until - following.time) * factor, last)


def _and(first: TimedFrame, others: Iterator[TimedFrame]) -> Iterator[TimedFrame]:
    yield first
    yield from others
