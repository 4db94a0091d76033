"""Clips by their tags: which clips a filter leaves, what is seen in them, and how often."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, intersect, select, union

from search.catalog.base import CatalogBase
from search.catalog.models import ClipRow, SegmentRow
from search.catalog.records import ClipRecord, Facet, Segment, TagFilter
from search.contracts import Int64

ROUNDING = 1e-6
"""Seconds that the length of a segment loses as a difference of floats."""


class Tags(CatalogBase):
    """The part of the catalog that filters; `hidden` are kinds that are left out as if they were not there."""

    def tags(self, hidden: Collection[str] = ()) -> list[tuple[str, str]]:
        """Every kind and label in use."""
        query = select(SegmentRow.kind, SegmentRow.label).distinct().where(SegmentRow.kind.not_in(hidden))
        with self.reading() as session:
            rows = session.execute(query.order_by(SegmentRow.kind, SegmentRow.label))
            return [(kind, label) for kind, label in rows]

    def tags_version(self) -> tuple[str, str]:
        """Changes whenever clips, tracks or segments do."""
        return self.meta("generation") or "", self.meta("tags") or ""

    def clip_ids_with(self, wanted: TagFilter) -> Int64:
        """The clips that a filter leaves, ascending."""
        query = select(ClipRow.id).where(*_matching(wanted)).order_by(ClipRow.id)
        with self.reading() as session:
            return np.fromiter(session.scalars(query), dtype=np.int64)

    def facets(self, wanted: TagFilter, hidden: Collection[str] = ()) -> list[Facet]:
        """Which tags the clips have that a filter leaves, and how often; by kind, the most frequent first."""
        overlaps = (
            *_matching(wanted),
            *_overlap(),
            *_long_enough(wanted.min_seconds),
            SegmentRow.kind.not_in(hidden),
        )
        kind_and_label = SegmentRow.kind, SegmentRow.label
        counts = select(
            *kind_and_label, func.count(SegmentRow.video_id.distinct()), func.count(ClipRow.id.distinct())
        ).where(*overlaps)
        seconds = select(*kind_and_label, func.sum(SegmentRow.end - SegmentRow.start)).where(
            SegmentRow.id.in_(select(SegmentRow.id).where(*overlaps).correlate(None))
        )
        with self.reading() as session:
            lasting = {
                (kind, label): total for kind, label, total in session.execute(seconds.group_by(*kind_and_label))
            }
            found = [
                Facet(kind, label, videos, clips, lasting[kind, label])
                for kind, label, videos, clips in session.execute(counts.group_by(*kind_and_label))
            ]
        return sorted(found, key=lambda facet: (facet.kind, -facet.clips, facet.label))

    def segments_of(self, clips: Iterable[ClipRecord], hidden: Collection[str] = ()) -> dict[int, list[Segment]]:
        """For each clip id the segments that overlap it, strongest first."""
        found: dict[int, list[Segment]] = {clip.id: [] for clip in clips}
        ids = list(found)
        columns = SegmentRow.kind, SegmentRow.label, SegmentRow.start, SegmentRow.end, SegmentRow.score
        query = select(ClipRow.id, *columns).where(*_overlap(), SegmentRow.kind.not_in(hidden))
        with self.reading() as session:
            for at in range(0, len(ids), 500):
                rows = session.execute(
                    query.where(ClipRow.id.in_(ids[at : at + 500])).order_by(SegmentRow.score.desc(), SegmentRow.id)
                )
                for clip_id, kind, label, start, end, score in rows:
                    found[clip_id].append(Segment(kind, label, start, end, score))
        return found


def _overlap() -> tuple[ColumnElement[bool], ...]:
    """A clip and a segment that meet.

    The first bound says no more than the last two, but with it a segment finds its few clips in the index.
    """
    longest = select(func.max(ClipRow.end - ClipRow.start)).correlate(None).scalar_subquery()
    return (
        ClipRow.start >= SegmentRow.start - longest,
        ClipRow.video_id == SegmentRow.video_id,
        ClipRow.start < SegmentRow.end,
        ClipRow.end > SegmentRow.start,
    )


def _long_enough(seconds: float) -> tuple[ColumnElement[bool], ...]:
    return (SegmentRow.end - SegmentRow.start >= seconds - ROUNDING,) if seconds else ()


def _matching(wanted: TagFilter) -> tuple[ColumnElement[bool], ...]:
    """The condition on clips that a filter is."""
    if not wanted.tags:
        return ()
    tagged = [
        select(ClipRow.id)
        .where(
            and_(SegmentRow.kind == kind, SegmentRow.label == label),
            *_long_enough(wanted.min_seconds),
            *_overlap(),
        )
        .correlate(None)
        for kind, label in dict.fromkeys(wanted.tags)
    ]
    together: CompoundSelect[Any] | Select[int]
    together = (union if wanted.any_of else intersect)(*tagged) if len(tagged) > 1 else tagged[0]
    # The sum keeps the database from beginning at these clips: it would read all segments of their videos for each.
    return ((ClipRow.id + 0).in_(together),)
