"""Words said in videos."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase
from search.catalog.models import CueRow
from search.catalog.records import Cue


class Cues(CatalogBase):
    """The part of the catalog that knows what is said."""

    def cues(self, video_id: int) -> list[Cue]:
        """The cues of a video, by time."""
        query = select(CueRow).where(CueRow.video_id == video_id).order_by(CueRow.start, CueRow.id)
        with self.reading() as session:
            return [Cue(row.start, row.end, row.words, row.source) for row in session.scalars(query)]


def add_cues(session: Session, video_id: int, cues: Iterable[Cue]) -> None:
    session.add_all(
        CueRow(video_id=video_id, start=cue.start, end=cue.end, words=cue.words, source=cue.source) for cue in cues
    )
