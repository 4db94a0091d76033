"""How the decoding of one file ended, in a code for programs and a line for people (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.sources.base import SourceInfo
from search.catalog.records import VideoFacts, VideoRecord, VideoState


@dataclass(frozen=True, slots=True)
class DecodeOutcome:
    """`code` and `reason` are empty when the file was decoded whole."""

    state: VideoState
    code: str
    reason: str
    facts: VideoFacts
    frames_decoded: int


def failed(code: str, reason: str, info: SourceInfo | None = None) -> DecodeOutcome:
    return DecodeOutcome(VideoState.FAILED, code, reason, facts_of(info, 0.0), 0)


def partial(code: str, why: str, info: SourceInfo, seconds: float, frames: int) -> DecodeOutcome:
    """`seconds` of film were decoded before or despite `why`."""
    promised = info.duration if info.duration and info.duration >= seconds else None
    much = f"decoded {seconds:.1f} of {promised:.1f} s" if promised else f"decoded {seconds:.1f} s"
    return DecodeOutcome(VideoState.PARTIAL, code, f"{much}: {why}", facts_of(info, seconds), frames)


def indexed(info: SourceInfo, seconds: float, frames: int) -> DecodeOutcome:
    return DecodeOutcome(VideoState.INDEXED, "", "", facts_of(info, seconds), frames)


def as_known(video: VideoRecord) -> DecodeOutcome:
    """Nothing was decoded: what was said of the video still holds."""
    state = VideoState.PARTIAL if video.code else VideoState.INDEXED
    return DecodeOutcome(state, video.code, video.reason, video.facts, 0)


def falls_short(promised: float | None, reached: float) -> bool:
    """Whether the data of every stream ends well before the header says; small liars are let pass."""
    return promised is not None and promised - reached > max(0.6, 0.01 * promised)


def facts_of(info: SourceInfo | None, seconds: float) -> VideoFacts:
    if info is None:
        return VideoFacts(duration=seconds)
    return VideoFacts(seconds, info.width, info.height, info.fps, info.codec, info.container, info.taken_at)
