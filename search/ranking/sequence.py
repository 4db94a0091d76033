"""`A then B`: moments of one video that follow one another. Pure.

Each sentence is scored by itself, so that its scores say nothing beside those of another. Each is put on its own
scale first (`scale.py`); a chain then scores the mean of its parts.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.ranking.moments import Moment
from search.ranking.scale import Scale

TOUCHING = 0.01
"""Seconds by which times of neighbours may disagree."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One moment for each step, in film order."""

    moments: tuple[Moment, ...]
    score: float
    """The mean of the moments' scores, each in deviations above the mean of its sentence."""

    @property
    def video_id(self) -> int:
        return self.moments[0].video_id

    @property
    def start(self) -> float:
        return min(moment.start for moment in self.moments)

    @property
    def end(self) -> float:
        return max(moment.end for moment in self.moments)


@dataclass(frozen=True, slots=True)
class _Link:
    """A moment with its score on the common scale."""

    moment: Moment
    score: float


_Steps = Sequence[Sequence[_Link]]
"""For each step the moments of one video, by time."""


def follow(
    steps: Sequence[Sequence[Moment]], within: Sequence[float | None], scales: Sequence[Scale] | None = None
) -> list[Chain]:
    """Chains of moments of one video, one for each step, best first; of one video, none overlaps another.

    `steps`: the moments of each sentence, in any order. A moment follows another when its peak begins no earlier than
    the other's ends. `within`: for each step but the first, how many seconds at most lie between the end of the
    moment before and its beginning, or None. `scales`: of each sentence (`scale_of`); without them, scores are taken
    as they are. Raises ValueError when the lengths disagree.
    """
    scales = [Scale()] * len(steps) if scales is None else scales
    if not steps or len(within) != len(steps) - 1 or len(scales) != len(steps):
        raise ValueError("every step after the first needs its `within`, and every step its scale")
    by_video = [_by_video(step, scale) for step, scale in zip(steps, scales, strict=True)]
    shared = set.intersection(*(set(videos) for videos in by_video))
    chains = [chain for video_id in shared for chain in _apart([videos[video_id] for videos in by_video], within)]
    return sorted(chains, key=lambda chain: (-chain.score, chain.video_id, chain.start))


def _by_video(step: Sequence[Moment], scale: Scale) -> dict[int, list[_Link]]:
    videos: dict[int, list[_Link]] = {}
    for moment in sorted(step, key=lambda moment: (moment.peak.start, moment.peak.clip_id)):
        videos.setdefault(moment.video_id, []).append(_Link(moment, scale.standardise(moment.score)))
    return videos


def _apart(steps: _Steps, within: Sequence[float | None]) -> list[Chain]:
    """The best chain of one video, and those of what lies wholly before it and wholly after it."""
    chains, stretches = [], [steps]
    while stretches:
        stretch = stretches.pop()
        if all(stretch) and (best := _best(stretch, within)):
            chains.append(best)
            stretches.append([[link for link in step if _lies_before(link.moment, best)] for step in stretch])
            stretches.append([[link for link in step if _lies_after(link.moment, best)] for step in stretch])
    return chains


def _lies_before(moment: Moment, chain: Chain) -> bool:
    return moment.start < chain.start and moment.end <= chain.start + TOUCHING


def _lies_after(moment: Moment, chain: Chain) -> bool:
    return moment.end > chain.end and moment.start >= chain.end - TOUCHING


def _best(steps: _Steps, within: Sequence[float | None]) -> Chain | None:
    """The chain of the highest sum, found step by step; of equal ones, the one that ends first."""
    sums = [link.score for link in steps[0]]
    origins: list[list[int]] = []
    for earlier, later, most in zip(steps, steps[1:], within, strict=False):
        origin = list(_predecessors(earlier, sums, later, most))
        sums = [
            link.score + (sums[before] if before >= 0 else -math.inf)
            for link, before in zip(later, origin, strict=True)
        ]
        origins.append(origin)
    last = sums.index(max(sums))
    if sums[last] == -math.inf:
        return None
    path = [last]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    moments = tuple(step[number].moment for step, number in zip(steps, reversed(path), strict=True))
    return Chain(moments, sums[last] / len(steps))


def _predecessors(
    earlier: Sequence[_Link], sums: Sequence[float], later: Sequence[_Link], most: float | None
) -> Iterator[int]:
    """For each later moment, the number of the earlier one with the highest sum that it may follow; -1 for none.

    Both come by time, so that a window of candidates slides over the earlier ones; in it, sums only fall.
    """
    window: deque[int] = deque()
    arrived = 0
    for moment in (link.moment for link in later):
        while arrived < len(earlier) and earlier[arrived].moment.peak.end <= moment.peak.start + TOUCHING:
            while window and sums[window[-1]] < sums[arrived]:
                window.pop()
            if sums[arrived] > -math.inf:
                window.append(arrived)
            arrived += 1
        while window and most is not None and moment.start - earlier[window[0]].moment.end > most + TOUCHING:
            window.popleft()
        yield window[0] if window else -1
