"""How many results are left where only some clips count: what stands beside the lines of a facet. Pure.

Counting is what answering does, without reading a row, so that the number beside a line is that of the results behind
it. How the moments of a look that ranks are counted, `moment_counter.py` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.asking.clip_table import ClipTable
from search.asking.film_order import breaks
from search.asking.ranked import Result
from search.contracts import Int64
from search.query import Group


class Counter(Protocol):
    """Counts results of one question."""

    @property
    def table(self) -> ClipTable: ...

    def count(self, rows: Int64 | None = None) -> int:
        """Those of the current result that are left where only these rows of the table count; of all by default."""


@dataclass(frozen=True)
class RunCounter:
    """Of a question that ranks nothing: runs of neighbouring clips."""

    table: ClipTable
    rows: Int64
    """All that may be found, by film and time."""
    group: Group

    def count(self, rows: Int64 | None = None) -> int:
        left = self.rows[self.table.mask_of(rows)[self.rows]]
        if self.group == "video":
            return len(np.unique(self.table.videos[left]))
        return int(np.count_nonzero(breaks(self.table, left))) + 1 if len(left) else 0


@dataclass(frozen=True)
class ChainCounter:
    """Of `A then B`: chains whose first moment has a clip that counts."""

    table: ClipTable
    results: Sequence[Result]
    group: Group

    def count(self, rows: Int64 | None = None) -> int:
        mask = self.table.mask_of(rows)
        left = [result for result in self.results if rows is None or self._meets(result, mask)]
        return len({result.video_id for result in left}) if self.group == "video" else len(left)

    def _meets(self, result: Result, mask: NDArray[np.bool_]) -> bool:
        clip_ids = np.array(result.steps[0].moment.clip_ids, np.int64)
        return bool(mask[self.table.rows_of(clip_ids)[0]].any())
