"""What the containers of videos say of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from search.catalog.base import CatalogBase
from search.catalog.models import VideoRow
from search.catalog.records import VideoFacts


class Facts(CatalogBase):
    """The part of the catalog that knows rates and lengths."""

    def facts(self, video_ids: Iterable[int]) -> dict[int, VideoFacts]:
        """By video id; those that are gone meanwhile are left out."""
        wanted = list(video_ids)
        found: dict[int, VideoFacts] = {}
        with self.reading() as session:
            for at in range(0, len(wanted), 500):
                for row in session.scalars(select(VideoRow).where(VideoRow.id.in_(wanted[at : at + 500]))):
                    found[row.id] = VideoFacts(
                        row.duration, row.width, row.height, row.fps, row.codec, row.container, row.taken_at
                    )
        return found
