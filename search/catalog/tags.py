"""Clips by their tags: which clips a filter leaves, what is seen in them, and how often."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from sqlalchemy import and_, bindparam, func, select

from search.catalog.base import CatalogBase
from search.catalog.filters import ClipFilter, conditions_of, long_enough, meeting, overlap
from search.catalog.models import ClipRow, SegmentRow
from search.catalog.records import Facet, Segment
from search.catalog.stores.base import translated
from search.contracts import Float64, Int64
from search.settings import NO_EMOTION


@dataclass(frozen=True, slots=True)
class CatalogState:
    """How the catalog stands at one moment."""

    version: tuple[str, str]
    """Changes whenever clips, tracks, segments or the dates of files do."""
    no_emotion: bool
    """Whether expressions are switched off for this library."""
    says: bool
    """Whether anything is said in a video."""

    @property
    def generation(self) -> int:
        """A number that grows with every change of clips."""
        return int(self.version[0] or 0)


@dataclass(frozen=True)
class TagSpans:
    """Where in which video which tag is: columns of N segments."""

    names: tuple[tuple[str, str], ...]
    """Kind and label of each tag."""
    tags: Int64
    """The place of its tag in `names`, `[N]`."""
    videos: Int64
    """Ids, `[N]`."""
    spans: Float64
    """Start and end in seconds, `[N, 2]`."""


class Tags(CatalogBase):
    """The part of the catalog that filters; `hidden` are kinds that are left out as if they were not there."""

    def tags(self, hidden: Collection[str] = ()) -> list[tuple[str, str]]:
        """Every kind and label in use."""
        query = select(SegmentRow.kind, SegmentRow.label).distinct().where(SegmentRow.kind.not_in(hidden))
        with self.reading() as session:
            rows = session.execute(query.order_by(SegmentRow.kind, SegmentRow.label))
            return [(kind, label) for kind, label in rows]

    def tags_version(self) -> tuple[str, str]:
        """As `CatalogState.version`."""
        return self.state().version

    def state(self) -> CatalogState:
        """What every question asks of the catalog first, in one read by the driver itself: half the time."""
        with translated(self.store), closing(self.store.reading.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT key, value, EXISTS (SELECT 1 FROM cue) FROM meta")
            rows = cursor.fetchall()
        meta = {key: value for key, value, _ in rows}
        return CatalogState(
            (meta.get("generation", ""), meta.get("tags", "")),
            bool(meta.get(NO_EMOTION)),
            any(says for *_, says in rows),
        )

    def clip_ids_with(self, wanted: ClipFilter) -> Int64:
        """The clips that a filter leaves, ascending."""
        with self.reading() as session:
            query = select(ClipRow.id).where(*conditions_of(session, wanted))
            return np.sort(np.fromiter(session.scalars(query), dtype=np.int64))

    def facets(self, wanted: ClipFilter, hidden: Collection[str] = ()) -> list[Facet]:
        """Which tags the clips have that a filter leaves, and how often; by kind, the most frequent first."""
        kind_and_label = SegmentRow.kind, SegmentRow.label
        with self.reading() as session:
            overlaps = (
                *conditions_of(session, wanted),
                *overlap(),
                *long_enough(wanted.min_seconds),
                SegmentRow.kind.not_in(hidden),
            )
            counts = select(
                *kind_and_label, func.count(SegmentRow.video_id.distinct()), func.count(ClipRow.id.distinct())
            ).where(*overlaps)
            seconds = select(*kind_and_label, func.sum(SegmentRow.end - SegmentRow.start)).where(
                SegmentRow.id.in_(select(SegmentRow.id).where(*overlaps).correlate(None))
            )
            lasting = {
                (kind, label): total for kind, label, total in session.execute(seconds.group_by(*kind_and_label))
            }
            found = [
                Facet(kind, label, videos, clips, lasting[kind, label])
                for kind, label, videos, clips in session.execute(counts.group_by(*kind_and_label))
            ]
        return sorted(found, key=lambda facet: (facet.kind, -facet.clips, facet.label))

    def tag_spans(self) -> TagSpans:
        """Every segment, without its score."""
        query = select(SegmentRow.kind, SegmentRow.label, SegmentRow.video_id, SegmentRow.start, SegmentRow.end)
        with self.reading() as session:
            rows = session.execute(query).all()
        numbers: dict[tuple[str, str], int] = {}
        tags = [numbers.setdefault((kind, label), len(numbers)) for kind, label, *_ in rows]
        spans = np.array([(start, end) for *_, start, end in rows], np.float64).reshape(-1, 2)
        return TagSpans(tuple(numbers), np.array(tags, np.int64), np.array([row[2] for row in rows], np.int64), spans)

    def segments_of(self, clip_ids: Sequence[int], hidden: Collection[str] = ()) -> dict[int, list[Segment]]:
        """For each clip id the segments that overlap it, strongest first."""
        found: dict[int, list[Segment]] = {clip_id: [] for clip_id in clip_ids}
        ids = list(found)
        with self.reading() as session:
            for at in range(0, len(ids), 500):
                rows = session.execute(_SEGMENTS_OF, {"clips": ids[at : at + 500], "hidden": list(hidden)})
                for clip_id, kind, label, start, end, score in rows:
                    found[clip_id].append(Segment(kind, label, start, end, score))
        return found


# Made once: putting a statement together takes longer than reading ten clips.
_SEGMENTS_OF = (
    select(ClipRow.id, SegmentRow.kind, SegmentRow.label, SegmentRow.start, SegmentRow.end, SegmentRow.score)
    .join_from(ClipRow, SegmentRow, and_(*meeting()))
    .where(
        ClipRow.id.in_(bindparam("clips", expanding=True)),
        SegmentRow.kind.not_in(bindparam("hidden", expanding=True)),
    )
    .order_by(SegmentRow.score.desc(), SegmentRow.id)
)
