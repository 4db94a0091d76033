"""The clips that a filter leaves, with what is asked of them again and again worked out once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.asking.clip_table import ClipTable
from search.contracts import Int64


@dataclass(frozen=True, eq=False)
class ClipSet:
    """Some clips of a table, or all of them."""

    table: ClipTable
    chosen: Int64 | None = None
    """Their ids, ascending; None is all."""

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def rows(self) -> Int64:
        """Their rows in the table."""
        if self.chosen is None:
            return np.arange(len(self.table.ids))
        return self.table.rows_of(self.chosen)[0]

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """For each row of the table whether it is one of them."""
        return self.table.mask_of(self.rows)

    @cached_property
    def videos(self) -> list[int]:
        """The ids of their videos."""
        found: list[int] = np.unique(self.table.videos[self.rows]).tolist()
        return found

    def among(self, ids: Int64) -> ClipSet:
        """Those that are also in `ids`, which ascend."""
        return ClipSet(self.table, ids if self.chosen is None else np.intersect1d(self.chosen, ids))

    def in_videos(self, video_ids: Collection[int]) -> ClipSet:
        """Those of these videos."""
        rows = self.rows[np.isin(self.table.videos[self.rows], list(video_ids))]
        return ClipSet(self.table, self.table.ids[rows])
