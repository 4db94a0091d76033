"""Cuts: where the shots of a video meet, and how its clips lie between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase
from search.catalog.models import ClipRow, CutRow, VideoRow


class Cuts(CatalogBase):
    """The part of the catalog that knows cuts."""

    def cuts(self, video_ids: Sequence[int]) -> dict[int, list[float]]:
        """The cuts of each of these videos, ascending, in seconds."""
        found: dict[int, list[float]] = {video_id: [] for video_id in video_ids}
        query = select(CutRow.video_id, CutRow.at).order_by(CutRow.video_id, CutRow.at)
        with self.reading() as session:
            for begin in range(0, len(video_ids), 500):
                for video_id, at in session.execute(query.where(CutRow.video_id.in_(video_ids[begin : begin + 500]))):
                    found[video_id].append(at)
        return found

    def clip_spans(self, video_id: int) -> list[tuple[float, float]]:
        """Start and end of a video's clips in seconds, in the order of time."""
        query = select(ClipRow.start, ClipRow.end).where(ClipRow.video_id == video_id).order_by(ClipRow.start)
        with self.reading() as session:
            return [(start, end) for start, end in session.execute(query)]

    def save_cuts(self, video_id: int, recipe: str, cuts: Iterable[float]) -> None:
        """Other cuts in place of a video's own, in one transaction; its clips and tags stay."""
        with self.writing() as session:
            session.execute(delete(CutRow).where(CutRow.video_id == video_id))
            add_cuts(session, video_id, cuts)
            session.execute(update(VideoRow).where(VideoRow.id == video_id).values(recipe=recipe))
            self.bump(session)


def add_cuts(session: Session, video_id: int, cuts: Iterable[float]) -> None:
    session.add_all(CutRow(video_id=video_id, at=at) for at in cuts)
