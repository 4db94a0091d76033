"""What goes into a list for other programs: a moment with what such a list needs of its film. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from search.answer import Hit, SearchAnswer, printable
from search.catalog.records import VideoFacts

SMPTE_RATES = (24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60000 / 1001, 60.0)
"""The frame rates that there is timecode for."""
SAME_RATE = 0.0004
"""Rates that differ by a smaller share are one: 23.976 is 24000/1001, and 24 is not."""
USUAL_RATE = 25.0


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a film. Seconds from its first shown frame; the end is exclusive and inside the film."""

    path: Path
    """Absolute."""
    title: str
    """On one line."""
    start: float
    end: float
    rank: int
    band: str
    score: float | None
    clip_id: int
    video_id: int
    duration: float
    """Of the film; 0 where it is not known."""
    fps: float
    """Nominal frames a second of the film; 0 where they are not known."""
    tags: tuple[str, ...] = ()
    """`kind=label`"""
    words: tuple[str, ...] = ()
    """Said in it, where they were asked for."""
    words_at: tuple[float, ...] = ()
    """The second at which each of `words` begins."""

    @property
    def uri(self) -> str:
        """`file:///…`, percent-encoded: plain ASCII for any file name."""
        return self.path.as_uri()

    @property
    def rate(self) -> float:
        """Frames a second to count in: the film's own, or the usual ones where they are not known."""
        return smpte_rate(self.fps) or self.fps or USUAL_RATE

    @property
    def timecode_rate(self) -> float:
        """Frames a second of its timecode: the film's own, or the usual ones where there is no timecode for them."""
        return smpte_rate(self.fps) or USUAL_RATE


def spans_of(answer: SearchAnswer, facts: Mapping[int, VideoFacts]) -> list[Span]:
    """The moments of an answer, best first, the later ones of a chain after their first. `facts` by video id."""
    return [span for hit in answer.hits for span in _spans(hit, facts.get(hit.clip.video_id, VideoFacts()))]


def _spans(hit: Hit, film: VideoFacts) -> list[Span]:
    first = Span(
        path=hit.clip.path,
        title=one_line(hit.clip.title),
        start=hit.start,
        end=_inside(hit.start, hit.end, film),
        rank=hit.rank,
        band=hit.band,
        score=hit.score,
        clip_id=hit.clip.id,
        video_id=hit.clip.video_id,
        duration=film.duration,
        fps=film.fps,
        tags=tuple(f"{tag.kind}={tag.label}" for tag in hit.tags),
        words=tuple(one_line(said.cue.words) for said in hit.cues),
        words_at=tuple(said.cue.start for said in hit.cues),
    )
    rest = [
        replace(
            first,
            start=later.start,
            end=_inside(later.start, later.end, film),
            score=later.score,
            clip_id=later.clip_id,
            tags=(),
            words=(),
            words_at=(),
        )
        for later in hit.then
    ]
    return [first, *rest]


def _inside(start: float, end: float, film: VideoFacts) -> float:
    """The end of a span, not after that of its film: the last clip is as long as the others, and held."""
    return min(end, film.duration) if film.duration > start else end


def smpte_rate(fps: float) -> float | None:
    """The rate of timecode that `fps` is, or None."""
    nearest = min(SMPTE_RATES, key=lambda rate: abs(rate - fps))
    return nearest if abs(nearest - fps) <= nearest * SAME_RATE else None


def one_line(text: str) -> str:
    """Text that any line of UTF-8 takes: spaces for control characters and line breaks, marks of direction stay."""
    plain = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in printable(text))
    return "".join(plain).strip()
