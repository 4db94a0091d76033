"""Cuts: where the shots of a video meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase
from search.catalog.models import CutRow


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


def add_cuts(session: Session, video_id: int, cuts: Iterable[float]) -> None:
    session.add_all(CutRow(video_id=video_id, at=at) for at in cuts)
