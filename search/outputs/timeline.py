"""`--format otio`: the moments one after the other on a track, for editing programs (OpenTimelineIO)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from search.outputs.span import Span, one_line

if TYPE_CHECKING:
    from opentimelineio.opentime import TimeRange
    from opentimelineio.schema import Clip, Timeline


def write_otio(spans: Sequence[Span], question: str) -> str:
    """A timeline as OTIO's JSON; each film keeps its own frame rate."""
    text: str = timeline(spans, question, rate_of=lambda span: span.rate).to_json_string()
    return text + "\n"


def timeline(spans: Sequence[Span], question: str, rate_of: Callable[[Span], float]) -> Timeline:
    """One video track, in the order of the answer; times are counted in frames at `rate_of` a span."""
    from opentimelineio import schema

    made = schema.Timeline(name=one_line(question) or "vsearch")
    track = schema.Track(name="moments", kind=schema.TrackKind.Video)
    track.extend([_clip(span, rate_of(span)) for span in spans])
    made.tracks.append(track)
    return made


def _clip(span: Span, rate: float) -> Clip:
    from opentimelineio import schema

    film = schema.ExternalReference(target_url=span.uri)
    if span.duration:
        film.available_range = _frames(0.0, span.duration, rate)
    return schema.Clip(
        name=span.title,
        media_reference=film,
        source_range=_frames(span.start, span.end, rate),
        metadata={
            "vsearch": {
                "rank": span.rank,
                "band": span.band,
                "score": span.score,
                "clip_id": span.clip_id,
                "video_id": span.video_id,
            }
        },
    )


def _frames(start: float, end: float, rate: float) -> TimeRange:
    """Whole frames, at least one."""
    from opentimelineio.opentime import RationalTime, TimeRange

    first = round(start * rate)
    return TimeRange(RationalTime(first, rate), RationalTime(max(1, round(end * rate) - first), rate))
