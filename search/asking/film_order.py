"""Moments in the order of films and time, where nothing says which is best. Pure."""

from __future__ import annotations

import numpy as np

from search.asking.clip_set import ClipSet
from search.asking.clip_table import ClipTable
from search.contracts import Int64
from search.ranking.moments import GAP, Moment, ScoredClip


def runs_of(allowed: ClipSet, films: Int64) -> list[Int64]:
    """Rows of the table, each array a run of neighbouring clips of one video; by film, then by time.

    `films`: the ids of all videos in film order.
    """
    table, rows = allowed.table, allowed.rows
    if not len(rows):
        return []
    place = np.zeros(int(max(films.max(initial=0), table.videos.max())) + 1, np.int64)
    place[films] = np.arange(len(films))
    rows = rows[np.lexsort((table.spans[rows, 0], place[table.videos[rows]]))]
    videos, starts, ends = table.videos[rows], table.spans[rows, 0], table.spans[rows, 1]
    breaks = (videos[1:] != videos[:-1]) | (starts[1:] > ends[:-1] + GAP)
    return np.split(rows, np.flatnonzero(breaks) + 1)


def moment_of(table: ClipTable, run: Int64) -> Moment:
    """The moment that a run is, with a score of 0 and its first clip as the peak."""
    video_id, (start, end) = int(table.videos[run[0]]), table.spans[run[0]].tolist()
    peak = ScoredClip(int(table.ids[run[0]]), video_id, start, end, 0.0)
    return Moment(video_id, peak, start, float(table.spans[run, 1].max()), 0.0, tuple(table.ids[run].tolist()))
