"""Clips: their vectors for the index, their rows for results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Select, func, select

from search.catalog.base import CatalogBase
from search.catalog.models import ClipRow, MetaRow, RootRow, ThumbnailRow, VideoRow
from search.catalog.records import ClipRecord
from search.contracts import Float32, Int64


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


class Clips(CatalogBase):
    """The part of the catalog that knows clips."""

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
        found: dict[int, ClipRecord] = {}
        with self.reading() as session:
            for at in range(0, len(clip_ids), 500):
                rows = session.execute(_select_clips().where(ClipRow.id.in_(clip_ids[at : at + 500])))
                found.update({row[0]: _record(*row) for row in rows})
        return found

    def thumbnail(self, clip_id: int) -> bytes | None:
        """A JPEG, or None."""
        with self.reading() as session:
            row = session.get(ThumbnailRow, clip_id)
            return row.jpeg if row else None

    def vectors_of(self, video_id: int, dim: int) -> Float32:
        """The vectors of a video's clips in the order of time, `[N, dim]`."""
        query = select(ClipRow.vector).where(ClipRow.video_id == video_id).order_by(ClipRow.start)
        with self.reading() as session:
            return read_vectors(session.scalars(query), dim)

    def in_film_order(self, clip_ids: Int64, limit: int) -> list[int]:
        """The first `limit` of these clips by path and time."""
        wanted = set(clip_ids.tolist())
        query = (
            select(ClipRow.id).join(VideoRow).join(RootRow).order_by(RootRow.path, VideoRow.relpath, ClipRow.start)
        )
        found: list[int] = []
        with self.reading() as session:
            for clip_id in session.scalars(query.execution_options(yield_per=1000)):
                if clip_id in wanted:
                    found.append(clip_id)
                    if len(found) == limit:
                        break
        return found


def stored_vector(vector: Float32) -> bytes:
    """How a vector float32 `[dim]` is kept."""
    return vector.astype("<f2").tobytes()


def read_vectors(stored: Iterable[bytes], dim: int) -> Float32:
    """The reverse, for many: float32 `[N, dim]`."""
    return np.frombuffer(b"".join(stored), dtype="<f2").astype(np.float32).reshape(-1, dim)


def _select_clips() -> Select[int, int, float, float, str, str]:
    return (
        select(ClipRow.id, ClipRow.video_id, ClipRow.start, ClipRow.end, RootRow.path, VideoRow.relpath)
        .join(VideoRow, VideoRow.id == ClipRow.video_id)
        .join(RootRow, RootRow.id == VideoRow.root_id)
    )


def _record(clip_id: int, video_id: int, start: float, end: float, root: str, relpath: str) -> ClipRecord:
    path = Path(root) / relpath
    return ClipRecord(clip_id, video_id, start, end, path, path.name)
