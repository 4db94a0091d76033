"""Which clips a question leaves: by their tags, and by the videos and times that are in scope."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session

from search.catalog.models import ClipRow, RootRow, SegmentRow, VideoRow
from search.language.tree import AnyOf, Scope, TagTest

ROUNDING = 1e-6
"""Seconds that a difference of floats may lose."""
EARLIEST, LATEST = -6e10, 2.5e11
"""Seconds since the epoch that still are dates: a file may bear any number."""


@dataclass(frozen=True, slots=True)
class ClipFilter:
    """Which clips are left: those that pass every condition. A clip has the tags of the segments that it meets."""

    tags: tuple[AnyOf, ...] = ()
    scope: Scope = field(default_factory=Scope)
    min_seconds: float = 0.0
    """Only segments that last so long count."""
    newer_than: int = 0
    """Only clips with a higher id."""
    video_id: int | None = None
    """Only clips of this video."""

    @property
    def is_open(self) -> bool:
        """Whether it leaves every clip."""
        return not self.tags and self.scope.is_whole and not self.newer_than and self.video_id is None


@dataclass(frozen=True, slots=True)
class VideoInScope:
    """What a scope asks of a video."""

    path: PurePath
    duration: float
    day: date
    """On which it was taken; where that is not known, on which its file was last changed."""


def in_scope(scope: Scope, video: VideoInScope) -> bool:
    """Whether a video is in scope; film time is a question of clips.

    Of several folders or names one is enough. Case does not count, nor how letters with accents are composed.
    """
    return (
        (scope.longer is None or scope.longer <= video.duration)
        and (scope.shorter is None or video.duration <= scope.shorter)
        and (scope.since is None or scope.since <= video.day)
        and (scope.until is None or video.day < scope.until)
        and (not scope.folders or any(as_part(folder) in parents_of(video.path) for folder in scope.folders))
        and (not scope.names or any(_name_pattern(name).search(_folded(video.path.name)) for name in scope.names))
    )


def parents_of(path: PurePath) -> str:
    """The folders that a file lies in, as one text of which each of them is a part."""
    return as_part(path.parent.as_posix())


def as_part(folder: str) -> str:
    """A folder as it stands in `parents_of` the files below it."""
    return f"/{_folded(folder).strip('/')}/"


def _name_pattern(name: str) -> re.Pattern[str]:
    """`*` is anything, `?` one character; without either, a part of the name is enough."""
    name = _folded(name)
    if not {"*", "?"} & set(name):
        return re.compile(re.escape(name))
    wild = {"*": ".*", "?": "."}
    return re.compile("^" + "".join(wild.get(c) or re.escape(c) for c in name) + r"\Z", re.DOTALL)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def conditions_of(session: Session, wanted: ClipFilter) -> tuple[ColumnElement[bool], ...]:
    """What a filter asks of clips, in SQL."""
    tags = (or_(*(_tagged(test, wanted.min_seconds) for test in one.tests)) for one in wanted.tags)
    newer = (ClipRow.id > wanted.newer_than,) if wanted.newer_than else ()
    of_video = () if wanted.video_id is None else (ClipRow.video_id == wanted.video_id,)
    return (*newer, *of_video, *_of_videos(session, wanted.scope), *_of_film_time(wanted.scope), *tags)


def meeting() -> tuple[ColumnElement[bool], ...]:
    """A clip and a segment that meet."""
    return (
        ClipRow.video_id == SegmentRow.video_id,
        ClipRow.start < SegmentRow.end,
        ClipRow.end > SegmentRow.start,
    )


def overlap() -> tuple[ColumnElement[bool], ...]:
    """The same, where the segments are known and their clips are looked for.

    The first bound says no more than the others, but with it a segment finds its few clips in the index.
    """
    longest = select(func.max(ClipRow.end - ClipRow.start)).correlate(None).scalar_subquery()
    return (ClipRow.start >= SegmentRow.start - longest, *meeting())


def long_enough(seconds: float) -> tuple[ColumnElement[bool], ...]:
    return (SegmentRow.end - SegmentRow.start >= seconds - ROUNDING,) if seconds else ()


def _of_videos(session: Session, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    if scope == Scope(after=scope.after, before=scope.before):
        return ()
    ids = [video_id for video_id, video in _videos(session) if in_scope(scope, video)]
    # Written out: there may be more of them than a statement may have parameters.
    return (ClipRow.video_id.in_(bindparam("videos", ids, expanding=True, literal_execute=True)),)


def _videos(session: Session) -> Iterable[tuple[int, VideoInScope]]:
    query = select(
        VideoRow.id, RootRow.path, VideoRow.relpath, VideoRow.duration, VideoRow.taken_at, VideoRow.mtime_ns
    ).join(RootRow, RootRow.id == VideoRow.root_id)
    for video_id, root, relpath, duration, taken_at, mtime_ns in session.execute(query):
        seconds = mtime_ns / 1e9 if taken_at is None else taken_at
        day = date.fromtimestamp(min(max(seconds, EARLIEST), LATEST))
        yield video_id, VideoInScope(PurePath(root, relpath), duration, day)


def _of_film_time(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    after = () if scope.after is None else (ClipRow.start >= scope.after - ROUNDING,)
    before = () if scope.before is None else (ClipRow.end <= scope.before + ROUNDING,)
    return (*after, *before)


def _tagged(test: TagTest, min_seconds: float) -> ColumnElement[bool]:
    """The condition on clips that a test of tags is."""

    def one_of(labels: Sequence[str]) -> ColumnElement[bool]:
        return _with_segment(test.kind, SegmentRow.label.in_(labels), min_seconds)

    every = [one_of([label]) for label in dict.fromkeys(test.labels)]
    match test.mode:
        case "all":
            return and_(*every)
        case "any":
            return one_of(test.labels)
        case "none":
            return not_(one_of(test.labels))
        case "only":
            return and_(*every, not_(_with_segment(test.kind, SegmentRow.label.not_in(test.labels), min_seconds)))


def _with_segment(kind: str, labels: ColumnElement[bool], min_seconds: float) -> ColumnElement[bool]:
    """Whether a clip meets a segment of a kind with such a label."""
    found: Select[int] = (
        select(ClipRow.id)
        .where(SegmentRow.kind == kind, labels, *long_enough(min_seconds), *overlap())
        .correlate(None)
        .offset(0)
    )
    # The sum keeps SQLite, and the offset PostgreSQL, from beginning at these clips: they would read all segments of
    # their videos for each.
    return (ClipRow.id + 0).in_(found)
