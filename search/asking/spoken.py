"""From words said to the clips in which they are said. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from search.asking.clip_set import ClipSet
from search.asking.clip_table import ClipTable
from search.catalog.cues import FoundCue
from search.contracts import Float64, Int64


def clips_with(cues: Iterable[FoundCue], table: ClipTable) -> Int64:
    """The ids of all clips that meet one of the cues, ascending."""
    met = [rows[shared > 0] for rows, shared in (_shared(found, table) for found in cues)]
    return np.unique(table.ids[np.concatenate(met)]) if met else np.empty(0, np.int64)


def by_clip(cues: Iterable[FoundCue], allowed: ClipSet) -> dict[int, tuple[FoundCue, ...]]:
    """For each clip in which something is said, what: the clips in the order of their best cue.

    A cue belongs to the clip that it shares most time with, of those that are allowed.
    """
    spoken: dict[int, list[FoundCue]] = {}
    for found in cues:
        rows, shared = _shared(found, allowed.table)
        rows, shared = rows[allowed.mask[rows]], shared[allowed.mask[rows]]
        if len(rows) and shared.max() > 0:
            own = spoken.setdefault(int(allowed.table.ids[rows[shared.argmax()]]), [])
            if all(other.cue != found.cue for other in own):
                own.append(found)
    return {clip_id: tuple(own) for clip_id, own in spoken.items()}


def _shared(found: FoundCue, table: ClipTable) -> tuple[Int64, Float64]:
    """The rows of the video's clips, and the seconds that each shares with the cue; not above 0 where it does not."""
    rows = table.clips_of(found.video_id)
    begin = np.maximum(table.spans[rows, 0], found.cue.start)
    return rows, np.minimum(table.spans[rows, 1], found.cue.end) - begin
