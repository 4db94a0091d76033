"""Videos: one transaction each, all rows or none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from search.catalog.appearances import drop_empty_groups, forget_appearances
from search.catalog.base import CatalogBase, now
from search.catalog.clips import stored_vector
from search.catalog.cues import add_cues
from search.catalog.cuts import add_cuts
from search.catalog.hand import batches, settle
from search.catalog.models import ClipRow, CueRow, CutRow, RootRow, ThumbnailRow, VideoRow
from search.catalog.records import CatalogCounts, FileFacts, NewVideo, VideoFacts, VideoRecord, VideoState
from search.catalog.tracks import add_tags, drop_tags
from search.errors import NotFound


class Videos(CatalogBase):
    """The part of the catalog that knows video files."""

    def videos(self, root_id: int | None = None) -> list[VideoRecord]:
        """All videos (of one root), in the order of root and path."""
        query = select_videos().order_by(VideoRow.root_id, VideoRow.relpath)
        if root_id is not None:
            query = query.where(VideoRow.root_id == root_id)
        with self.reading() as session:
            return [video_record(*row) for row in session.execute(query)]

    def video(self, video_id: int) -> VideoRecord:
        """Raises NotFound."""
        with self.reading() as session:
            row = session.execute(select_videos().where(VideoRow.id == video_id)).first()
        if row is None:
            raise NotFound(f"There is no video {video_id} in this library.", "`vsearch status` says what it holds.")
        return video_record(*row)

    def save_video(self, new: NewVideo) -> int:
        """Stores a video with all its rows in one transaction, in place of what its path held before."""
        with self.writing() as session:
            row = session.scalar(
                select(VideoRow).where(VideoRow.root_id == new.root_id, VideoRow.relpath == new.relpath)
            )
            had_clips = row is not None and _drop_rows(session, row.id)
            unsettled: set[int] = set()
            if row is None:
                row = VideoRow(root_id=new.root_id, relpath=new.relpath)
                session.add(row)
            elif row.fingerprint != new.file.fingerprint:
                forget_appearances(session, row.id)
                unsettled = drop_empty_groups(session)
            _fill(row, new)
            session.flush()
            _add_rows(session, row.id, new)
            settle(session, {row.id, *unsettled})
            if had_clips or new.clips:
                self.bump(session)
            return row.id

    def move_video(self, video_id: int, root_id: int, relpath: str, file: FileFacts) -> None:
        """The same film under another path: its rows stay."""
        with self.writing() as session:
            there = VideoRow.root_id == root_id, VideoRow.relpath == relpath, VideoRow.id != video_id
            if session.execute(delete(VideoRow).where(*there).returning(VideoRow.id)).all():
                settle(session, drop_empty_groups(session))
            session.execute(
                update(VideoRow)
                .where(VideoRow.id == video_id)
                .values(root_id=root_id, relpath=relpath, missing=False, **_file_columns(file))
            )
            self.bump(session)

    def touch_video(self, video_id: int, file: FileFacts) -> None:
        """The same content with another date."""
        with self.writing() as session:
            session.execute(update(VideoRow).where(VideoRow.id == video_id).values(**_file_columns(file)))
            self.bump(session, "tags")  # a question may ask for the date

    def mark_missing(self, video_ids: Iterable[int], missing: bool) -> None:
        with self.writing() as session:
            for batch in batches(video_ids):
                session.execute(update(VideoRow).where(VideoRow.id.in_(batch)).values(missing=missing))

    def forget_videos(self, video_ids: Iterable[int], root_ids: Iterable[int] = ()) -> None:
        """Removes videos with all their rows, and these roots, of which no video may be left."""
        with self.writing() as session:
            for batch in batches(video_ids):
                session.execute(delete(VideoRow).where(VideoRow.id.in_(batch)))
            for batch in batches(root_ids):
                session.execute(delete(RootRow).where(RootRow.id.in_(batch)))
            settle(session, drop_empty_groups(session))
            self.bump(session)

    def forget_clips(self) -> None:
        """Drops every clip, and with it what was encoded, but keeps the videos: they are stale now."""
        with self.writing() as session:
            session.execute(delete(ClipRow))
            session.execute(update(VideoRow).values(recipe=""))
            self.bump(session)

    def counts(self) -> CatalogCounts:
        with self.reading() as session:
            rows = session.execute(
                select(VideoRow.state, VideoRow.missing, func.count(), func.sum(VideoRow.duration)).group_by(
                    VideoRow.state, VideoRow.missing
                )
            ).all()
            clips = session.scalar(select(func.count()).select_from(ClipRow)) or 0
        videos = dict.fromkeys(VideoState, 0)
        for state, missing, count, _ in rows:
            videos[VideoState.MISSING if missing else VideoState(state)] += count
        return CatalogCounts(videos, clips, float(sum(seconds or 0.0 for *_, seconds in rows)))


def select_videos() -> Select[VideoRow, str, int]:
    clips = select(func.count()).where(ClipRow.video_id == VideoRow.id).correlate(VideoRow).scalar_subquery()
    return select(VideoRow, RootRow.path, clips).join(RootRow, RootRow.id == VideoRow.root_id)


def video_record(row: VideoRow, root: str, clips: int) -> VideoRecord:
    return VideoRecord(
        id=row.id,
        root_id=row.root_id,
        root=Path(root),
        relpath=row.relpath,
        file=FileFacts(row.size, row.mtime_ns, row.fingerprint),
        state=VideoState.MISSING if row.missing else VideoState(row.state),
        code=row.code,
        reason=row.reason,
        recipe=row.recipe,
        facts=VideoFacts(row.duration, row.width, row.height, row.fps, row.codec, row.container, row.taken_at),
        clips=clips,
    )


def _file_columns(file: FileFacts) -> dict[str, int | str]:
    return {"size": file.size, "mtime_ns": file.mtime_ns, "fingerprint": file.fingerprint}


def _fill(row: VideoRow, new: NewVideo) -> None:
    row.size, row.mtime_ns, row.fingerprint = new.file.size, new.file.mtime_ns, new.file.fingerprint
    row.state, row.code, row.reason, row.recipe = new.state.value, new.code, new.reason, new.recipe
    row.duration, row.width, row.height = new.facts.duration, new.facts.width, new.facts.height
    row.fps, row.codec, row.container = new.facts.fps, new.facts.codec, new.facts.container
    row.taken_at, row.missing, row.added_at = new.facts.taken_at, False, now()


def _drop_rows(session: Session, video_id: int) -> bool:
    """Whether there were clips to drop."""
    drop_tags(session, video_id)
    for table in (CutRow, CueRow):
        session.execute(delete(table).where(table.video_id == video_id))
    dropped = session.execute(delete(ClipRow).where(ClipRow.video_id == video_id).returning(ClipRow.id)).all()
    return bool(dropped)


def _add_rows(session: Session, video_id: int, new: NewVideo) -> None:
    rows = [
        ClipRow(video_id=video_id, start=clip.start, end=clip.end, vector=stored_vector(clip.vector))
        for clip in new.clips
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        ThumbnailRow(clip_id=row.id, jpeg=clip.thumbnail)
        for row, clip in zip(rows, new.clips, strict=True)
        if clip.thumbnail
    )
    add_tags(session, video_id, new.tracks, new.segments)
    add_cuts(session, video_id, new.cuts)
    add_cues(session, video_id, new.cues)
