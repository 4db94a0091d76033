"""Where every clip lies: ids, videos and spans of the whole library, held in memory.

A question looks at hundreds of clips and shows ten; their places come from here, without a row being read. Clips
never change, so the table differs from the catalog only by what was added and removed since, as the index does.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.catalog.store import Catalog
from search.contracts import Float64, Int64
from search.ranking.moments import ScoredClip


@dataclass(frozen=True)
class ClipTable:
    """The clips of one generation, ascending by id; rows of it are int64 `[K]`."""

    generation: int
    ids: Int64
    videos: Int64
    spans: Float64
    """Start and end in seconds, `[N, 2]`."""

    def rows_of(self, ids: Int64) -> tuple[Int64, NDArray[np.bool_]]:
        """The rows of these clips, and for each id whether it is there: one that is gone has no row."""
        places = np.searchsorted(self.ids, ids)
        known = places < len(self.ids)
        known[known] = self.ids[places[known]] == ids[known]
        return places[known], known

    def scored(self, ids: Int64, scores: Float64) -> list[ScoredClip]:
        """The clips with their scores `[K]`, in the order given; those that are gone are left out."""
        rows, known = self.rows_of(ids)
        spans = self.spans[rows].tolist()
        columns = zip(self.ids[rows].tolist(), self.videos[rows].tolist(), spans, scores[known].tolist(), strict=True)
        return [ScoredClip(clip, video, start, end, score) for clip, video, (start, end), score in columns]

    def clips_of(self, video_id: int) -> Int64:
        """The rows of a video's clips, by time."""
        begin, end = np.searchsorted(self.sorted_videos, [video_id, video_id + 1])
        return self.by_time[begin:end]

    def mask_of(self, rows: Int64 | None) -> NDArray[np.bool_]:
        """For each row of the table whether it is one of these; None is all."""
        mask = np.full(len(self.ids), rows is None)
        if rows is not None:
            mask[rows] = True
        return mask

    @property
    def newest(self) -> int:
        """The highest id; 0 where there is none."""
        return int(self.ids[-1]) if len(self.ids) else 0

    def up_to(self, clip_id: int | None) -> ClipTable:
        """The clips whose ids are not higher; None is all."""
        if clip_id is None or clip_id >= self.newest:
            return self
        count = int(np.searchsorted(self.ids, clip_id, side="right"))
        return ClipTable(self.generation, self.ids[:count], self.videos[:count], self.spans[:count])

    @cached_property
    def by_time(self) -> Int64:
        """All rows, by film and time."""
        return np.lexsort((self.spans[:, 0], self.videos))

    @cached_property
    def sorted_videos(self) -> Int64:
        """The videos of `by_time`."""
        return self.videos[self.by_time]


class LiveClips:
    """The table of a catalog's clips, brought up to date when it is asked for; safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._table = ClipTable(-1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 2)))

    def table(self, generation: int) -> ClipTable:
        """The clips of this generation, or of a later one."""
        if self._table.generation < generation:
            with self._lock:
                if self._table.generation < generation:
                    self._table = self._caught_up(self._table)
        return self._table

    def _caught_up(self, old: ClipTable) -> ClipTable:
        new = self._catalog.spans_after(int(old.ids[-1]) if len(old.ids) else 0)
        if new.older != len(old.ids):
            kept = np.isin(old.ids, self._catalog.clip_ids(), assume_unique=True)
            old = ClipTable(-1, old.ids[kept], old.videos[kept], old.spans[kept])
        return ClipTable(
            new.generation,
            np.concatenate([old.ids, new.ids]),
            np.concatenate([old.videos, new.videos]),
            np.concatenate([old.spans, new.spans]),
        )
