"""Videos a page at a time: a library may hold tens of thousands."""

from __future__ import annotations

from datetime import date
from itertools import islice
from pathlib import PurePath

from sqlalchemy import ColumnElement, select

from search.catalog.base import CatalogBase
from search.catalog.filters import VideoInScope, in_scope
from search.catalog.models import RootRow, VideoRow
from search.catalog.records import VideoRecord, VideoState
from search.catalog.videos import select_videos, video_record
from search.language.tree import Scope


class VideoPages(CatalogBase):
    """The part of the catalog that lists videos in the order in which they were first indexed."""

    def video_page(
        self, after: int, limit: int, *, state: VideoState | None = None, folder: str = ""
    ) -> list[VideoRecord]:
        """The first `limit` videos with ids above `after`, of one state and below one folder where these are given.

        A folder is written as after `in:` in a question: by its name from any level on.
        """
        scope = Scope(folders=(folder,) if folder.strip("/") else ())
        paths = (
            select(VideoRow.id, RootRow.path, VideoRow.relpath)
            .join(RootRow, RootRow.id == VideoRow.root_id)
            .where(VideoRow.id > after, *_of_state(state))
            .order_by(VideoRow.id)
        )
        with self.reading() as session:
            ids = (
                video_id
                for video_id, root, relpath in session.execute(paths.execution_options(yield_per=1000))
                if in_scope(scope, VideoInScope(PurePath(root, relpath), 0.0, date.min))
            )
            chosen = list(islice(ids, limit))
            rows = session.execute(select_videos().where(VideoRow.id.in_(chosen)).order_by(VideoRow.id))
            return [video_record(*row) for row in rows]


def _of_state(state: VideoState | None) -> tuple[ColumnElement[bool], ...]:
    if state is None:
        return ()
    missing = state is VideoState.MISSING
    return (VideoRow.missing.is_(missing), *(() if missing else (VideoRow.state == state.value,)))
