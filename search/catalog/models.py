"""The catalog's tables. Every column says what it holds, so that the schema explains itself."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class PathText(TypeDecorator[str]):
    """A path as text. Bytes that are no UTF-8 (lone surrogates in Python) are written `//xx`.

    A normalised path never holds two slashes in a row, so the escape cannot be mistaken.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return re.sub("[\udc80-\udcff]", lambda found: f"//{ord(found[0]) - 0xDC00:02x}", str(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return re.sub("//([0-9a-f]{2})", lambda found: chr(0xDC00 + int(found[1], 16)), str(value))


class Base(DeclarativeBase):
    """What all tables have in common."""


class MetaRow(Base):
    """Facts about the library itself."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String)


class RootRow(Base):
    """A folder that was indexed."""

    __tablename__ = "root"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(PathText, unique=True, comment="absolute")
    missing: Mapped[bool] = mapped_column(default=False, comment="was not there at the last look")


class VideoRow(Base):
    """A video file under a root, and what became of it."""

    __tablename__ = "video"
    __table_args__ = (UniqueConstraint("root_id", "relpath"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id", ondelete="CASCADE"))
    relpath: Mapped[str] = mapped_column(PathText, comment="below the root, with /")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    mtime_ns: Mapped[int] = mapped_column(BigInteger, comment="nanoseconds since the epoch")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True, comment="of size, head, middle and tail")
    state: Mapped[str] = mapped_column(String(16), comment="indexed | partial | failed")
    missing: Mapped[bool] = mapped_column(default=False, comment="its root was not there at the last look")
    code: Mapped[str] = mapped_column(String(64), default="", comment="why partial or failed, for programs")
    reason: Mapped[str] = mapped_column(String, default="", comment="why partial or failed, for people")
    recipe: Mapped[str] = mapped_column(String, comment="what decided the rows of this video")
    duration: Mapped[float] = mapped_column(comment="seconds really decoded")
    width: Mapped[int] = mapped_column(comment="pixels as shown")
    height: Mapped[int] = mapped_column(comment="pixels as shown")
    fps: Mapped[float] = mapped_column(comment="nominal frames a second, 0 where unknown")
    codec: Mapped[str] = mapped_column(String(32))
    container: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[float] = mapped_column(comment="seconds since the epoch")
    taken_at: Mapped[float | None] = mapped_column(
        comment="seconds since the epoch, as the container says; null where it says nothing"
    )


class ClipRow(Base):
    """A span of one video with one vector. Ids are never reused and vectors never change."""

    __tablename__ = "clip"
    __table_args__ = (Index("ix_clip_span", "video_id", "start", "end"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    start: Mapped[float] = mapped_column(comment="seconds from the first shown frame")
    end: Mapped[float] = mapped_column(comment="seconds, exclusive")
    vector: Mapped[bytes] = mapped_column(LargeBinary, comment="little-endian float16 [dim]")


class ThumbnailRow(Base):
    """A small picture of a clip."""

    __tablename__ = "thumbnail"

    clip_id: Mapped[int] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"), primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)


class TrackRow(Base):
    """Raw scores of one classifier over one video."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("video_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(64))
    labels: Mapped[str] = mapped_column(String, comment="JSON list, one per column of the scores")
    fingerprint: Mapped[str] = mapped_column(String(64), comment="of the classifier")
    step: Mapped[float] = mapped_column(comment="seconds from the beginning of one row to that of the next")
    span: Mapped[float] = mapped_column(comment="seconds that a row is about")
    rows: Mapped[int] = mapped_column()
    scores: Mapped[bytes] = mapped_column(LargeBinary, comment="little-endian float16 [rows, labels], NaN: no say")


class SegmentRow(Base):
    """A labelled span of one video."""

    __tablename__ = "segment"
    __table_args__ = (
        Index("ix_segment_tag", "kind", "label", "video_id"),
        Index("ix_segment_span", "video_id", "start", "end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(128))
    start: Mapped[float] = mapped_column(comment="seconds from the first shown frame")
    end: Mapped[float] = mapped_column(comment="seconds, exclusive")
    score: Mapped[float] = mapped_column(comment="0..1")
    source: Mapped[str] = mapped_column(
        String(8), default="model", server_default="model", comment="model | hand: what says so"
    )


class OverruledSegmentRow(Base):
    """What a model says of a character where a person says it better: kept for when the person takes it back."""

    __tablename__ = "overruled_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(128))
    start: Mapped[float] = mapped_column(comment="seconds from the first shown frame")
    end: Mapped[float] = mapped_column(comment="seconds, exclusive")
    score: Mapped[float] = mapped_column(comment="0..1")


class AppearanceGroupRow(Base):
    """Appearances that look alike, and who a person says is on them."""

    __tablename__ = "appearance_group"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    names: Mapped[str] = mapped_column(String, default="[]", comment="JSON list; empty before anybody was named")


class AppearanceRow(Base):
    """A stretch of one shot that looks the same throughout. Ids are never reused: a picture is kept by each."""

    __tablename__ = "appearance"
    __table_args__ = (Index("ix_appearance_span", "video_id", "start"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("appearance_group.id"), index=True, comment="null before it was put into one"
    )
    start: Mapped[float] = mapped_column(comment="seconds from the first shown frame")
    end: Mapped[float] = mapped_column(comment="seconds, exclusive")
    feature: Mapped[bytes] = mapped_column(LargeBinary, comment="little-endian float16 [dim], of length 1")
    fingerprint: Mapped[str] = mapped_column(String(64), comment="of the network that made the feature")


class NamingStepRow(Base):
    """A change of groups that can be taken back."""

    __tablename__ = "naming_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String, comment="what was done")
    back: Mapped[str] = mapped_column(String, comment="JSON: the change that takes it back")


class CutRow(Base):
    """Where one shot of a video ends and the next begins."""

    __tablename__ = "cut"

    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[float] = mapped_column(primary_key=True, comment="seconds from the first shown frame")


class CueRow(Base):
    """Words said in a video, as a subtitle or a transcript has them. `cue_words` is their full-text index.

    Its words are kept as `full_text.as_indexed` gives them.
    """

    __tablename__ = "cue"
    __table_args__ = (Index("ix_cue_span", "video_id", "start", "end"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    start: Mapped[float] = mapped_column(comment="seconds from the first shown frame")
    end: Mapped[float] = mapped_column(comment="seconds, exclusive")
    words: Mapped[str] = mapped_column(String, comment="plain text, no markup")
    source: Mapped[str] = mapped_column(String, comment="the file beside the video, or `track N`")


class SavedSearchRow(Base):
    """A question under a name."""

    __tablename__ = "saved_search"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    question: Mapped[str] = mapped_column(String, comment="in the query language")
    added_at: Mapped[float] = mapped_column(comment="seconds since the epoch")
    ran_at: Mapped[float | None] = mapped_column(comment="seconds since the epoch; null before it first ran")
    newest_clip: Mapped[int] = mapped_column(default=0, comment="the highest clip id when it last ran")


class JobRow(Base):
    """A piece of indexing work that somebody asked for."""

    __tablename__ = "job"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), comment="index | rescan | retag | retry | forget | draw | group")
    about: Mapped[str] = mapped_column(String, comment="JSON list: paths; of a retag, changes of rules")
    state: Mapped[str] = mapped_column(String(16), index=True, comment="queued | running | done | failed | cancelled")
    cancel_asked: Mapped[bool] = mapped_column(default=False, comment="while it runs: it shall stop")
    attempts: Mapped[int] = mapped_column(default=0, comment="how often a worker has taken it up")
    share: Mapped[float | None] = mapped_column(comment="0..1 of its work; null while that cannot be told")
    words: Mapped[str] = mapped_column(String, default="", comment="what it is at")
    counts: Mapped[str] = mapped_column(String, default="{}", comment="JSON: how many, by what became of them")
    code: Mapped[str] = mapped_column(String(64), default="", comment="why it failed, for programs")
    reason: Mapped[str] = mapped_column(String, default="", comment="why it failed, for people")
    cure: Mapped[str] = mapped_column(String, default="", comment="what to do about it")
    created_at: Mapped[float] = mapped_column(comment="seconds since the epoch")
    started_at: Mapped[float | None] = mapped_column(comment="seconds since the epoch")
    ended_at: Mapped[float | None] = mapped_column(comment="seconds since the epoch")
