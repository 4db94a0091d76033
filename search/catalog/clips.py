"""Clips: their vectors for the index, their rows for results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from sqlalchemy import SQLColumnExpression, func, select

from search.catalog.base import CatalogBase
from search.catalog.models import ClipRow, MetaRow, RootRow, ThumbnailRow, VideoRow
from search.catalog.records import ClipRecord
from search.contracts import Float32, Float64, Int64


@dataclass(frozen=True, slots=True)
class VectorRows:
    """One consistent look at the vectors behind a known id."""

    generation: int
    older: int
    """How many clips there are up to the known id."""
    ids: Int64
    """The clips after it, ascending."""
    vectors: Float32
    """`[N, dim]`"""


@dataclass(frozen=True, slots=True)
class SpanRows:
    """One consistent look at the spans of the clips behind a known id."""

    generation: int
    older: int
    """How many clips there are up to the known id."""
    ids: Int64
    """The clips after it, ascending `[N]`."""
    videos: Int64
    """The video of each."""
    spans: Float64
    """Start and end of each in seconds, `[N, 2]`."""


class Clips(CatalogBase):
    """The part of the catalog that knows clips."""

    def spans_after(self, clip_id: int) -> SpanRows:
        columns = select(ClipRow.id, ClipRow.video_id, ClipRow.start, ClipRow.end)
        # All of them are read from the index of spans; in the order of ids, the vectors would be read with them.
        query = columns.where(ClipRow.id > clip_id) if clip_id else columns
        with self.reading() as session:
            generation = session.get(MetaRow, "generation")
            older = session.scalar(select(func.count()).select_from(ClipRow).where(ClipRow.id <= clip_id)) or 0
            # The driver's own rows: there may be a million of them.
            cursor: Any = session.connection().execute(query).cursor
            table = np.fromiter(chain.from_iterable(cursor), np.float64).reshape(-1, 4)
        table = table[np.argsort(table[:, 0])]
        return SpanRows(
            generation=int(generation.value) if generation else 0,
            older=older,
            ids=table[:, 0].astype(np.int64),
            videos=table[:, 1].astype(np.int64),
            spans=table[:, 2:],
        )

    def vectors_after(self, clip_id: int, dim: int) -> VectorRows:
        with self.reading() as session:
            generation = session.get(MetaRow, "generation")
            older = session.scalar(select(func.count()).select_from(ClipRow).where(ClipRow.id <= clip_id)) or 0
            rows = session.execute(
                select(ClipRow.id, ClipRow.vector).where(ClipRow.id > clip_id).order_by(ClipRow.id)
            ).all()
        return VectorRows(
            generation=int(generation.value) if generation else 0,
            older=older,
            ids=np.array([row[0] for row in rows], dtype=np.int64),
            vectors=read_vectors((row[1] for row in rows), dim),
        )

    def clip_ids(self) -> Int64:
        """Every clip there is, ascending."""
        with self.reading() as session:
            return np.fromiter(session.scalars(select(ClipRow.id).order_by(ClipRow.id)), dtype=np.int64)

    def clips(self, clip_ids: Sequence[int]) -> dict[int, ClipRecord]:
        """The clips with these ids; those that are gone meanwhile are left out."""
        query = (
            select(ClipRow.id, ClipRow.video_id, ClipRow.start, ClipRow.end, RootRow.path, VideoRow.relpath)
            .join(VideoRow, VideoRow.id == ClipRow.video_id)
            .join(RootRow, RootRow.id == VideoRow.root_id)
        )
        found: dict[int, ClipRecord] = {}
        with self.reading() as session:
            for at in range(0, len(clip_ids), 500):
                rows = session.execute(query.where(ClipRow.id.in_(clip_ids[at : at + 500])))
                found.update({row[0]: _record(*row) for row in rows})
        return found

    def thumbnail_bytes(self) -> int:
        """Of all thumbnails together."""
        with self.reading() as session:
            return session.scalar(select(func.sum(func.length(ThumbnailRow.jpeg)))) or 0

    def thumbnail(self, clip_id: int) -> bytes | None:
        """A JPEG, or None."""
        with self.reading() as session:
            row = session.get(ThumbnailRow, clip_id)
            return row.jpeg if row else None

    def thumbnails_of(self, video_id: int, times: Sequence[float]) -> list[bytes]:
        """For each time of a video, in seconds, the JPEG of the clip nearest to it; none where it has none."""
        query = (
            select(ClipRow.id, (ClipRow.start + ClipRow.end) / 2)
            .join(ThumbnailRow, ThumbnailRow.clip_id == ClipRow.id)
            .where(ClipRow.video_id == video_id)
            .order_by(ClipRow.start)
        )
        with self.reading() as session:
            rows = session.execute(query).all()
            if not rows:
                return []
            middles = np.array([middle for _, middle in rows])
            nearest = [rows[int(np.argmin(np.abs(middles - time)))][0] for time in times]
            found = select(ThumbnailRow.clip_id, ThumbnailRow.jpeg).where(ThumbnailRow.clip_id.in_(nearest))
            jpegs = {row.clip_id: row.jpeg for row in session.execute(found)}
        return [jpegs[clip_id] for clip_id in nearest]

    def clip_at(self, video_id: int, second: float) -> int | None:
        """The clip of a video whose middle is nearest to a second; None where it has none."""
        distance = func.abs((ClipRow.start + ClipRow.end) / 2 - second)
        query = select(ClipRow.id).where(ClipRow.video_id == video_id).order_by(distance, ClipRow.id).limit(1)
        with self.reading() as session:
            return session.scalar(query)

    def vectors_of(self, video_id: int, dim: int) -> Float32:
        """The vectors of a video's clips in the order of time, `[N, dim]`."""
        query = select(ClipRow.vector).where(ClipRow.video_id == video_id).order_by(ClipRow.start)
        with self.reading() as session:
            return read_vectors(session.scalars(query), dim)

    def paths(self, video_ids: Sequence[int]) -> dict[int, Path]:
        """Where these videos are; those that are gone are left out."""
        query = select(VideoRow.id, RootRow.path, VideoRow.relpath).join(RootRow, RootRow.id == VideoRow.root_id)
        found: dict[int, Path] = {}
        with self.reading() as session:
            for at in range(0, len(video_ids), 500):
                rows = session.execute(query.where(VideoRow.id.in_(video_ids[at : at + 500])))
                found.update({video_id: Path(root) / relpath for video_id, root, relpath in rows})
        return found

    def folders(self) -> list[tuple[PurePath, PurePath]]:
        """The folders in which videos lie, in film order: each as its root, and relative to that."""
        query = select(RootRow.path, VideoRow.relpath).join(RootRow, RootRow.id == VideoRow.root_id)
        with self.reading() as session:
            rows = session.execute(query.order_by(RootRow.path, VideoRow.relpath))
            found = dict.fromkeys((root, relpath.rpartition("/")[0]) for root, relpath in rows)
        return [(PurePath(root), PurePath(folder)) for root, folder in found]

    def films(self) -> Int64:
        """The ids of the videos in film order: by root, then by path."""
        return self._video_ids(RootRow.path, VideoRow.relpath)

    def newest_films(self) -> Int64:
        """The same, those taken last first; where that is not known, the change of the file counts."""
        taken = func.coalesce(VideoRow.taken_at, VideoRow.mtime_ns / 1e9)
        return self._video_ids(taken.desc(), RootRow.path, VideoRow.relpath)

    def _video_ids(self, *order: SQLColumnExpression[Any]) -> Int64:
        query = select(VideoRow.id).join(RootRow).order_by(*order)
        with self.reading() as session:
            return np.fromiter(session.scalars(query), dtype=np.int64)


def stored_vector(vector: Float32) -> bytes:
    """How a vector float32 `[dim]` is kept."""
    return vector.astype("<f2").tobytes()


def read_vectors(stored: Iterable[bytes], dim: int) -> Float32:
    """The reverse, for many: float32 `[N, dim]`."""
    return np.frombuffer(b"".join(stored), dtype="<f2").astype(np.float32).reshape(-1, dim)


def _record(clip_id: int, video_id: int, start: float, end: float, root: str, relpath: str) -> ClipRecord:
    path = Path(root) / relpath
    return ClipRecord(clip_id, video_id, start, end, path, path.name)
