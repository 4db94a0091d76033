"""Clips that match and lie side by side become one moment. Pure.

A moment grows from a *peak*, a clip that scores higher than those beside it. A neighbour joins while its score is
near the peak's (not: near that of the clip before it), so that moments stay tight and none grows over a whole film.
Nearness is measured in deviations of the question's scores. Moments end at cuts. docs/ranking.md has the figures.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import pstdev

NEAR = 1.0
"""Deviations of the question's scores that a neighbour may lie below the peak."""
GAP = 0.5
"""Seconds that may lie between two neighbours."""
LONGEST = 30.0
"""Seconds beyond which a moment takes no further clip."""


@dataclass(frozen=True, slots=True)
class ScoredClip:
    """A clip as an answer to a question: its span in seconds and its score (higher is better, any scale)."""

    clip_id: int
    video_id: int
    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Neighbouring clips of one video. It has the score of its peak."""

    video_id: int
    peak: ScoredClip
    start: float
    end: float
    score: float
    clip_ids: tuple[int, ...]
    """Of all its clips, in film order."""


def merge_neighbours(
    clips: Sequence[ScoredClip], cuts: Mapping[int, Sequence[float]], spread: float | None = None
) -> list[Moment]:
    """The moments of the best clips of a search, best first; every clip is in exactly one.

    `clips` in any order, several videos mixed, each clip once. `cuts`: for each video, the seconds at which its shots
    meet, ascending; a video may be missing. `spread`: the standard deviation of the question's scores in the library
    (`Scale.deviation`); without it, that of the scores given. Equal scores go by video, then by time.
    """
    if spread is None:
        spread = pstdev(clip.score for clip in clips) if clips else 0.0
    videos: dict[int, list[ScoredClip]] = {}
    for clip in sorted(clips, key=lambda clip: (clip.start, clip.end, clip.clip_id)):
        videos.setdefault(clip.video_id, []).append(clip)
    moments = [
        moment for video_id, own in videos.items() for moment in _Video(own, cuts.get(video_id, ()), spread).moments()
    ]
    return sorted(moments, key=lambda moment: _best_first(moment.peak))


def _best_first(clip: ScoredClip) -> tuple[float, int, float, int]:
    return -clip.score, clip.video_id, clip.start, clip.clip_id


class _Video:
    """The clips of one video, in film order, and what is in no moment yet."""

    def __init__(self, clips: Sequence[ScoredClip], cuts: Sequence[float], spread: float) -> None:
        self.clips = clips
        self.free = [True] * len(clips)
        self.near = NEAR * spread
        self.cuts = [-math.inf, *cuts, math.inf]

    def moments(self) -> list[Moment]:
        best_first = sorted(range(len(self.clips)), key=lambda number: _best_first(self.clips[number]))
        return [self._moment(number) for number in best_first if self.free[number]]

    def _moment(self, top: int) -> Moment:
        """Grown from the clip of that number. What is left of its shot goes with it where that is less than half a
        clip: the clip that shows it shows more of another shot, and its score speaks of that."""
        peak, shot = self.clips[top], self._shot(top)
        first, last = self._reach(top, -1, shot), self._reach(top, 1, shot)
        self.free[first : last + 1] = [False] * (last + 1 - first)
        joined = self.clips[first : last + 1]
        start, end = max(joined[0].start, shot[0]), min(max(clip.end for clip in joined), shot[1])
        left = (peak.end - peak.start) / 2
        start = shot[0] if start - shot[0] < left else start
        end = shot[1] if shot[1] - end < left else end
        return Moment(peak.video_id, peak, start, end, peak.score, tuple(clip.clip_id for clip in joined))

    def _reach(self, top: int, step: int, shot: tuple[float, float]) -> int:
        """The last clip that joins on one side."""
        peak, edge = self.clips[top], top
        while self._free_beside(edge, edge + step):
            clip = self.clips[edge + step]
            length = max(clip.end, peak.end) - min(clip.start, peak.start)
            outside = clip.end <= shot[0] or clip.start >= shot[1]
            if outside or length > LONGEST or clip.score < peak.score - self.near:
                break
            edge += step
        return edge

    def _free_beside(self, one: int, other: int) -> bool:
        """Whether the other is a neighbour of the one, and in no moment yet."""
        if not (0 <= other < len(self.clips) and self.free[other]):
            return False
        a, b = self.clips[one], self.clips[other]
        return max(a.start, b.start) - min(a.end, b.end) <= GAP

    def _shot(self, top: int) -> tuple[float, float]:
        """The shot that a peak is about, of those that it shows: a long part of it speaks for a shot, and a neighbour
        there that scores nearly as well."""
        peak = self.clips[top]
        first = bisect_right(self.cuts, peak.start)
        last = max(first, bisect_left(self.cuts, peak.end))
        if first == last:
            return self.cuts[first - 1], self.cuts[first]
        shots = list(pairwise(self.cuts[first - 1 : last + 1]))
        length = peak.end - peak.start
        weights = [(min(end, peak.end) - max(start, peak.start)) / length for start, end in shots]
        weights[0] += self._likeness(top, top - 1)
        weights[-1] += self._likeness(top, top + 1)
        return shots[weights.index(max(weights))]

    def _likeness(self, top: int, other: int) -> float:
        """From 1 for a neighbour that scores like the peak to 0 for one that is not near it, or was not found."""
        if not self.near or not self._free_beside(top, other):
            return 0.0
        return max(0.0, 1 - (self.clips[top].score - self.clips[other].score) / self.near)
