"""Counting the moments of a look that ranks, again and again with other clips. Pure.

The clips that were found once are merged and folded as an answer does it. Clips that touch one another are an island:
its moments do not depend on other islands, so they are worked out once for each part of it that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.asking.clip_table import ClipTable
from search.asking.ranked import FoundClips
from search.contracts import Int64
from search.query import Group
from search.ranking.folding import first_alike, look_alike
from search.ranking.moments import GAP, NEAR, Moment, merge_neighbours


@dataclass(frozen=True)
class MomentCounter:
    """Counts the moments whose peak means something, and those in which the words are said."""

    table: ClipTable
    found: FoundClips
    meant: NDArray[np.bool_]
    """For each clip found whether a moment with this peak belongs to the current result, `[N]`."""
    said: Int64
    """The ids of the clips in which words of the question are said."""
    deviation: float
    """Of the question's scores."""
    group: Group
    _merged: dict[bytes, list[Moment]] = field(default_factory=dict, init=False, repr=False)
    """The moments of a part of an island, by the places of its clips."""

    def count(self, rows: Int64 | None = None) -> int:
        """As `Counter` has it."""
        mask = self.table.mask_of(rows)
        moments = self._moments(mask)
        seen = [moment for moment in moments if moment.peak.clip_id in self._peaks]
        left = set(self.said[mask[self._said_rows]].tolist()).difference(*(moment.clip_ids for moment in seen))
        heard = [moment for moment in moments if not left.isdisjoint(moment.clip_ids)] if left else []
        alone = left.difference(*(moment.clip_ids for moment in heard))
        shown = [*self._unfolded(seen), *heard]
        if self.group == "clip":
            return len(shown) + len(alone)
        return len({moment.video_id for moment in shown} | self._videos_of(alone))

    def _moments(self, mask: NDArray[np.bool_]) -> list[Moment]:
        here = mask[self._near_rows]
        places, islands = self._near[here], self._islands[here]
        ends = [*(np.flatnonzero(np.diff(islands)) + 1).tolist(), len(places)]
        return [moment for part in pairwise([0, *ends]) for moment in self._merge(places[slice(*part)])]

    def _merge(self, places: Int64) -> list[Moment]:
        key = places.tobytes()
        if key not in self._merged:
            clips = [self.found.clips[at] for at in places.tolist()]
            self._merged[key] = merge_neighbours(clips, self.found.cuts, self.deviation)
        return self._merged[key]

    def _unfolded(self, moments: list[Moment]) -> list[Moment]:
        """Without those that look like a better one."""
        twins = [moment for moment in moments if self._has_twin[self._peaks[moment.peak.clip_id]]]
        if len(twins) < 2:
            return moments
        twins.sort(key=lambda moment: self._peaks[moment.peak.clip_id])
        peaks = [self._peaks[moment.peak.clip_id] for moment in twins]
        first = first_alike(self._alike[np.ix_(peaks, peaks)])
        folded = {moment.peak.clip_id for at, moment in enumerate(twins) if first[at] != at}
        return [moment for moment in moments if moment.peak.clip_id not in folded]

    def _videos_of(self, clip_ids: Iterable[int]) -> set[int]:
        rows, _ = self.table.rows_of(np.array(sorted(clip_ids), np.int64))
        return set(self.table.videos[rows].tolist())

    @cached_property
    def _near(self) -> Int64:
        """Places in `found` of the clips that a moment that means something may hold, by film and time.

        Others never join one: they lie too far below its peak.
        """
        scores = np.array([clip.score for clip in self.found.clips])
        lowest = scores[self.meant].min(initial=np.inf) - NEAR * self.deviation
        near = np.flatnonzero(scores >= lowest)
        clips = [self.found.clips[at] for at in near.tolist()]
        return near[np.lexsort(([clip.start for clip in clips], [clip.video_id for clip in clips]))]

    @cached_property
    def _near_rows(self) -> Int64:
        return self.table.rows_of(np.array([self.found.clips[at].clip_id for at in self._near.tolist()], np.int64))[0]

    @cached_property
    def _islands(self) -> Int64:
        """For each near clip the number of its island."""
        videos, spans = self.table.videos[self._near_rows], self.table.spans[self._near_rows]
        apart = spans[1:, 0] - np.minimum(spans[:-1, 1], spans[1:, 1]) > GAP
        return np.concatenate([[0], np.cumsum((videos[1:] != videos[:-1]) | apart)])

    @cached_property
    def _said_rows(self) -> Int64:
        return self.table.rows_of(self.said)[0]

    @cached_property
    def _peaks(self) -> dict[int, int]:
        """The clips that can be peaks, by id: their places in `_alike`, best first."""
        return {self.found.clips[at].clip_id: place for place, at in enumerate(np.flatnonzero(self.meant).tolist())}

    @cached_property
    def _alike(self) -> NDArray[np.bool_]:
        return look_alike(self.found.vectors[self.meant])

    @cached_property
    def _has_twin(self) -> list[bool]:
        alike: list[bool] = (self._alike.sum(axis=1) > 1).tolist()
        return alike
