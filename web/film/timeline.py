"""A film laid out on one axis of time: lanes, cuts, words said and a question's curve, as shapes of SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from classifiers.screen_time import Range, union
from search.asking.film_curve import Curve

WIDTH = 10_000
"""Units from the beginning of a film to its end."""
CURVE_HEIGHT, LANE_HEIGHT, BAR_HEIGHT = 48, 24, 14
"""In pixels: of the curve, of a lane, and of the bars in the middle of it."""
MOST_BARS = 1000
"""Of all lanes; above that, bars nearest to each other become one."""
FINEST, FINEST_POINT = WIDTH // 1500, WIDTH // 700
"""Units: bars, and cuts or points of a curve, that are closer together are one."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Seconds from one mark of the scale to the next."""
MARKS = (6, 12, 24, 48)
"""At most so many on a scale that is not magnified, and on one that is twice, four and eight times."""
JUMPS = 50
"""Places that a click without JavaScript can tell apart."""


@dataclass(frozen=True, slots=True)
class Band:
    """When something is there, to be laid out as a lane."""

    kind: str
    name: str
    ranges: Sequence[Range]
    """In order and apart."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the timeline."""

    kind: str
    """`match`, `shots`, `words`, or the kind of its tag."""
    name: str
    top: int
    height: int
    path: str
    """The `d` of lines along its bars, to be drawn as thick as those are high; of the curve, of the area below it."""
    starts: tuple[float, ...] = ()
    """Seconds at which its bars begin."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the scale."""

    second: int
    percent: float
    level: int
    """How often the timeline must have been doubled for it to be shown."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A stretch of the film that leads to its beginning."""

    second: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it; x in units of `WIDTH`, y in pixels."""

    duration: float
    width: int
    height: int
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    jumps: tuple[Jump, ...]

    def x(self, second: float) -> int:
        return place(second, self.duration)


def lay_out(
    duration: float, bands: Sequence[Band], cuts: Sequence[float] = (), curve: Curve | None = None
) -> Timeline:
    """The timeline of a film of `duration` > 0 seconds: the curve, its shots, then a lane for each band."""
    lanes: list[Lane] = []
    top = 0
    if curve is not None:
        lanes.append(Lane("match", "", top, CURVE_HEIGHT, curve_path(curve, duration)))
        top += CURVE_HEIGHT
    if cuts:
        lanes.append(Lane("shots", "", top, LANE_HEIGHT, cut_path(cuts, duration, top), (0.0, *cuts)))
        top += LANE_HEIGHT
    for band, ranges in zip(bands, joined([band.ranges for band in bands], duration), strict=True):
        starts = tuple(start for start, _ in ranges)
        lanes.append(Lane(band.kind, band.name, top, LANE_HEIGHT, bar_path(ranges, duration, top), starts))
        top += LANE_HEIGHT
    return Timeline(duration, WIDTH, top, tuple(lanes), scale(duration), jumps(duration))


def place(second: float, duration: float) -> int:
    """Where a second lies, 0..WIDTH."""
    return round(min(1.0, max(0.0, second / duration)) * WIDTH)


def joined(lanes: Sequence[Sequence[Range]], duration: float) -> list[list[Range]]:
    """The lanes with ranges that lie close together joined, so that there are at most `MOST_BARS` or one a lane."""
    gap = FINEST * duration / WIDTH
    while True:
        found = [_join(lane, gap) for lane in lanes]
        if sum(map(len, found)) <= max(MOST_BARS, len(lanes)):
            return found
        gap *= 2


def _join(ranges: Sequence[Range], gap: float) -> list[Range]:
    widened = union((start, end + gap) for start, end in ranges)
    return [(start, end - gap) for start, end in widened]


def bar_path(ranges: Sequence[Range], duration: float, top: int) -> str:
    """A line for each range; none is too short to be seen."""
    middle = top + LANE_HEIGHT // 2
    lines = []
    for start, end in ranges:
        left = min(place(start, duration), WIDTH - FINEST)
        lines.append(f"M{left} {middle}h{max(FINEST, place(end, duration) - left)}")
    return "".join(lines)


def cut_path(cuts: Sequence[float], duration: float, top: int) -> str:
    """An upright line for each cut; of those too close together to be seen apart, one."""
    seen: list[int] = []
    for cut in sorted(place(cut, duration) for cut in cuts):
        if not seen or cut - seen[-1] >= FINEST_POINT:
            seen.append(cut)
    inset = (LANE_HEIGHT - BAR_HEIGHT) // 2
    return "".join(f"M{x} {top + inset}v{BAR_HEIGHT}" for x in seen)


def curve_path(curve: Curve, duration: float) -> str:
    """The area below the curve, which begins and ends on the ground. Of clips too close together, the highest."""
    highest: dict[int, float] = {}
    for (start, end), height in zip(curve.spans, curve.heights, strict=True):
        x = place((start + end) / 2, duration) // FINEST_POINT * FINEST_POINT
        highest[x] = max(height, highest.get(x, 0.0))
    points = sorted(highest.items())
    room = CURVE_HEIGHT - 2
    line = "".join(f"L{x} {CURVE_HEIGHT - height * room:.1f}" for x, height in points)
    return f"M{points[0][0]} {CURVE_HEIGHT}{line}L{points[-1][0]} {CURVE_HEIGHT}z"


def scale(duration: float) -> tuple[Mark, ...]:
    """The marks of the scale, by time; each finer step divides the coarser one, so that they stay even."""
    levels: dict[int, int] = {}
    step = 0
    for level, most in enumerate(MARKS):
        step = next((one for one in STEPS if duration / one <= most and step % one == 0), step or STEPS[-1])
        for second in range(0, int(duration) + 1, step):
            levels.setdefault(second, level)
    return tuple(Mark(second, round(100 * second / duration, 3), level) for second, level in sorted(levels.items()))


def jumps(duration: float) -> tuple[Jump, ...]:
    """The film in `JUMPS` equal stretches."""
    edges = [duration * i / JUMPS for i in range(JUMPS + 1)]
    width = round(100 / JUMPS, 3)
    return tuple(Jump(round(one, 2), round(100 * one / duration, 3), width) for one, _ in pairwise(edges))
