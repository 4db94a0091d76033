"""Tracks and the segments made from them, video by video."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

import numpy as np
from sqlalchemy import delete, func, select, union, update
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase
from search.catalog.hand import settle
from search.catalog.models import OverruledSegmentRow, SegmentRow, TrackRow, VideoRow
from search.catalog.records import Segment, Track, TrackedVideo


class Tracks(CatalogBase):
    """The part of the catalog that knows what classifiers said of a video."""

    def tracked(self, kinds: Collection[str]) -> list[TrackedVideo]:
        """The videos that have tracks or segments of these kinds."""
        having = [
            select(table.video_id).where(table.kind.in_(kinds)).correlate(None) for table in (TrackRow, SegmentRow)
        ]
        query = select(VideoRow.id, VideoRow.duration, VideoRow.recipe).order_by(VideoRow.id)
        with self.reading() as session:
            rows = session.execute(query.where(VideoRow.id.in_(union(*having))))
            return [TrackedVideo(*row) for row in rows]

    def tracked_kinds(self) -> dict[str, int]:
        """How many videos each kind of classifier has looked at, by kind."""
        query = select(TrackRow.kind, func.count()).group_by(TrackRow.kind).order_by(TrackRow.kind)
        with self.reading() as session:
            return dict(session.execute(query).all())

    def tracks(self, video_id: int, kinds: Collection[str] | None = None) -> list[Track]:
        """All of the video's tracks, or those of some kinds, by kind."""
        query = select(TrackRow).where(TrackRow.video_id == video_id).order_by(TrackRow.kind)
        if kinds is not None:
            query = query.where(TrackRow.kind.in_(kinds))
        with self.reading() as session:
            return [_track(row) for row in session.scalars(query)]

    def segments(self, video_id: int, kind: str | None = None) -> list[Segment]:
        """All of the video's segments, or those of one kind, by time."""
        query = select(SegmentRow).where(SegmentRow.video_id == video_id)
        if kind is not None:
            query = query.where(SegmentRow.kind == kind)
        with self.reading() as session:
            rows = session.scalars(query.order_by(SegmentRow.start, SegmentRow.id))
            return [Segment(row.kind, row.label, row.start, row.end, row.score) for row in rows]

    def save_tracks(self, video_id: int, recipe: str, tracks: Iterable[Track], segments: Iterable[Segment]) -> None:
        """Stores tracks with their segments in one transaction, in place of those of the same kinds."""
        fresh = list(tracks)
        with self.writing() as session:
            drop_tags(session, video_id, {track.kind for track in fresh})
            add_tags(session, video_id, fresh, segments)
            settle(session, [video_id])
            session.execute(update(VideoRow).where(VideoRow.id == video_id).values(recipe=recipe))
            self.bump(session, "tags")

    def forget_tracks(self, video_id: int, recipe: str, kinds: Collection[str]) -> None:
        """Drops the tracks of these kinds with their segments."""
        with self.writing() as session:
            drop_tags(session, video_id, kinds)
            settle(session, [video_id])
            session.execute(update(VideoRow).where(VideoRow.id == video_id).values(recipe=recipe))
            self.bump(session, "tags")

    def replace_segments(self, video_id: int, kinds: Collection[str], segments: Iterable[Segment]) -> None:
        """Other segments of these kinds, made from tracks that stay as they are."""
        with self.writing() as session:
            _drop(session, (SegmentRow, OverruledSegmentRow), video_id, kinds)
            add_tags(session, video_id, (), segments)
            settle(session, [video_id])
            self.bump(session, "tags")


def drop_tags(session: Session, video_id: int, kinds: Collection[str] | None = None) -> None:
    """Deletes tracks and segments of a video: all of them, or those of some kinds."""
    _drop(session, (TrackRow, SegmentRow, OverruledSegmentRow), video_id, kinds)


def _drop(
    session: Session,
    tables: Iterable[type[TrackRow | SegmentRow | OverruledSegmentRow]],
    video_id: int,
    kinds: Collection[str] | None,
) -> None:
    for table in tables:
        statement = delete(table).where(table.video_id == video_id)
        session.execute(statement if kinds is None else statement.where(table.kind.in_(kinds)))


def add_tags(session: Session, video_id: int, tracks: Iterable[Track], segments: Iterable[Segment]) -> None:
    session.add_all(
        TrackRow(
            video_id=video_id,
            kind=track.kind,
            labels=json.dumps(track.labels, ensure_ascii=False),
            fingerprint=track.fingerprint,
            step=track.step,
            span=track.span,
            rows=len(track.scores),
            scores=track.scores.astype("<f2").tobytes(),
        )
        for track in tracks
    )
    session.add_all(
        SegmentRow(
            video_id=video_id,
            kind=segment.kind,
            label=segment.label,
            start=segment.start,
            end=segment.end,
            score=segment.score,
        )
        for segment in segments
    )


def _track(row: TrackRow) -> Track:
    labels = tuple(json.loads(row.labels))
    scores = np.frombuffer(row.scores, "<f2").astype(np.float32).reshape(row.rows, len(labels))
    return Track(row.kind, labels, row.fingerprint, row.step, row.span, scores)
