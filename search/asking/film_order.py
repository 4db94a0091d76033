"""Moments in the order of films and time, where nothing says which is best. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.asking.clip_set import ClipSet
from search.asking.clip_table import ClipTable
from search.asking.ranked import Result
from search.contracts import Int64
from search.ranking.grouping import VideoGroup
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
    return np.split(rows, np.flatnonzero(breaks(table, rows)) + 1)


def breaks(table: ClipTable, rows: Int64) -> NDArray[np.bool_]:
    """For each of these rows but the last, by film and time, whether a run ends with it."""
    videos, starts, ends = table.videos[rows], table.spans[rows, 0], table.spans[rows, 1]
    apart: NDArray[np.bool_] = (videos[1:] != videos[:-1]) | (starts[1:] > ends[:-1] + GAP)
    return apart


def moment_of(table: ClipTable, run: Int64) -> Moment:
    """The moment that a run is, with a score of 0 and its first clip as the peak."""
    video_id, (start, end) = int(table.videos[run[0]]), table.spans[run[0]].tolist()
    peak = ScoredClip(int(table.ids[run[0]]), video_id, start, end, 0.0)
    return Moment(video_id, peak, start, float(table.spans[run, 1].max()), 0.0, tuple(table.ids[run].tolist()))


def by_film(groups: Iterable[VideoGroup[Result]], films: Int64) -> list[VideoGroup[Result]]:
    """Ranked results in the order of films, then by time; a film that is new since comes last."""
    place = {film: at for at, film in enumerate(films.tolist())}

    def key(group: VideoGroup[Result]) -> tuple[int, int, float, int]:
        moment = group.best.steps[0].moment
        return place.get(moment.video_id, len(place)), moment.video_id, moment.start, moment.peak.clip_id

    return sorted(groups, key=key)
