"""A span of a film as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.excerpts.reading import read_span
from indexer.excerpts.sound import Sound
from indexer.excerpts.writing import Written, require_output, write_moving

SMALL = 480
"""Pixels of the longest side of a GIF or WebP, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of one film."""

    film: Path
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def write_excerpt(
    span: Span,
    output: Path,
    longest_side: int | None = None,
    on_frame: Callable[[float], None] = lambda _until: None,
) -> Written:
    """Writes MP4 with its sound, GIF or WebP, whole or not at all; `on_frame` is told the seconds written.

    Raises UsageError for another suffix, the film itself or a span that is not in it; PathNotFound, DiskFull,
    CannotGoOn.
    """
    require_output(output, span.film)
    moving = output.suffix.lower() == ".mp4"
    frames = read_span(span.film, span.start, span.end, longest_side=longest_side or (None if moving else SMALL))
    return write_moving(output, frames, Sound(span.film, span.start) if moving else None, on_frame)


def excerpt_name(span: Span, suffix: str) -> str:
    """`beach_00-01-07.mp4`: the film and the second it begins at, in letters that every disk takes."""
    seconds = int(span.start)
    clock = f"{seconds // 3600:02}-{seconds // 60 % 60:02}-{seconds % 60:02}"
    stem = re.sub(r'[\x00-\x1f<>:"/\\|?*\udc80-\udcff]', "_", span.film.stem)
    return f"{stem}_{clock}{suffix}"
