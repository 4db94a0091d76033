"""Videos and what is known of them, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from web.api.schemas import Asked, Cursor, Described, Next, Path, Schema1, Seconds, TagName
from web.api.schemas_search import CueFacts, Extent

MOST_VIDEOS = 1000


class VideosQuery(Asked):
    """What `/api/videos` takes in its address."""

    k: int = Field(100, description="Videos a page at most.", ge=1, le=MOST_VIDEOS)
    state: Literal["any", "indexed", "partial", "failed", "missing"] = Field(
        "any", description="Only videos of this state; see `state` in the answer."
    )
    folder: str = Field("", description="Only videos below this folder, as after `in:` in `q`.", max_length=4096)
    cursor: Cursor = ""


class VideoQuery(Asked):
    """What `/api/videos/{video_id}` takes in its address."""

    tracks: bool = Field(False, description="With the scores of the tracks: megabytes for a long film.")


class VideoSummary(Described):
    """One video."""

    video_id: int = Field(description="Stays the same while the film is in the library.")
    title: str = Field(description="File name.")
    path: Path
    state: Literal["indexed", "partial", "failed", "missing"] = Field(
        description="`partial`: not all of it could be decoded; `failed`: none; `missing`: its folder is not there."
    )
    code: str = Field(description="Why it is partial or failed, for programs; else empty.")
    reason: str = Field(description="The same for people.")
    duration: float = Field(description="Seconds that were decoded.", ge=0)
    width: int = Field(description="Pixels, as shown.", ge=0)
    height: int = Field(description="Pixels, as shown.", ge=0)
    fps: float = Field(description="Frames a second, as the container says; 0 where it says nothing.", ge=0)
    codec: str = Field(description="FFmpeg's name of the codec.")
    container: str = Field(description="FFmpeg's name of the container.")
    size: int = Field(description="Bytes.", ge=0)
    taken_at: float | None = Field(description="Seconds since 1970 (UTC), as the container says; or null.")
    clips: int = Field(description="Clips, each with a vector.", ge=0)
    media: str = Field(description="Path of the film on this server; it serves byte ranges.")


class VideosDocument(Described):
    """A page of videos."""

    version: Schema1 = Field(alias="schema")
    count: int = Field(description="Videos on this page.", ge=0)
    videos: list[VideoSummary] = Field(description="In the order in which they were first indexed.")
    next: Next


class SegmentFacts(Extent, TagName):
    """A labelled span of film."""

    score: float = Field(description="How sure the classifier is.", ge=0, le=1)


class TrackFacts(Described):
    """What one classifier says, by time. Row i is about `[i * step, i * step + span)` seconds."""

    kind: str = Field(description="What is looked for: `emotion`, `activity`, `character`.")
    labels: list[str] = Field(description="One for each column of the scores.")
    fingerprint: str = Field(description="Of the classifier; hexadecimal.")
    step: float = Field(description="Seconds from the beginning of one row to that of the next.", gt=0)
    span: float = Field(description="Seconds that a row is about.", gt=0)
    rows: int = Field(description="How many rows of scores there are.", ge=0)
    scores: list[list[float] | None] | None = Field(
        None, description="A row for each step, 0 to 1; null where there is nothing to say. Only with `tracks`."
    )


class CharacterFacts(Described):
    """One character in the film."""

    label: str = Field(description="Who it is.")
    seconds: float = Field(description="Seconds on screen.", ge=0)
    share: float = Field(description="Share of the film.", ge=0, le=1)
    ranges: list[tuple[float, float]] = Field(description="Start and end in seconds, in order.")
    longest: float = Field(description="Seconds of the longest range.", ge=0)


class TogetherFacts(Described):
    """Two characters who share the screen."""

    labels: tuple[str, str] = Field(description="In alphabetical order.")
    seconds: float = Field(description="Seconds together on screen.", ge=0)


class ScreenTimeFacts(Described):
    """Who is on screen, and for how long. Both lists are ordered by seconds, the longest first."""

    duration: float = Field(description="Seconds of film.", ge=0)
    characters: list[CharacterFacts] = Field(description="Who is on screen.")
    together: list[TogetherFacts] = Field(description="Who shares the screen with whom.")


class VideoDocument(VideoSummary):
    """One video with all that is known of it. Lists are in the order of time."""

    version: Schema1 = Field(alias="schema")
    cuts: list[Seconds] = Field(description="Where one shot ends and the next begins: seconds.")
    segments: list[SegmentFacts] = Field(description="Where something is tagged.")
    cues: list[CueFacts] = Field(description="Words said, from subtitles and transcripts.")
    tracks: list[TrackFacts] = Field(description="What each classifier says, by kind.")
    screen_time: ScreenTimeFacts = Field(description="Who is on screen, and for how long.")
