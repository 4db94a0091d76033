"""What goes into the catalog and comes out of it: plain values, no sessions.

Times are seconds from the first shown frame. Paths inside a root are relative, with `/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class VideoState(StrEnum):
    INDEXED = "indexed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class RootRecord:
    """A folder that was indexed (or the folder of a file that was given by name)."""

    id: int
    path: Path
    missing: bool


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What tells one file from another without decoding it."""

    size: int
    mtime_ns: int
    fingerprint: str
    """Hexadecimal hash of size, head, middle and tail."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the container and its first video stream say; zero or empty where they say nothing."""

    duration: float = 0.0
    """Seconds of film really decoded."""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    codec: str = ""
    container: str = ""
    taken_at: float | None = None
    """Seconds since the epoch, as the container says; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words said, as a subtitle or a transcript has them."""

    start: float
    end: float
    words: str
    """Plain text, no markup."""
    source: str
    """The file beside the video, or `track N`."""


@dataclass(frozen=True, slots=True)
class NewClip:
    """One clip to be stored: its span, its vector float32 `[dim]`, and a JPEG."""

    start: float
    end: float
    vector: NDArray[np.float32]
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled span of one video."""

    kind: str
    label: str
    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class Track:
    """Raw scores of one classifier over one video, by time."""

    kind: str
    labels: tuple[str, ...]
    fingerprint: str
    """Of the classifier."""
    step: float
    """Seconds from the beginning of one row to that of the next."""
    span: float
    """Seconds that a row is about: row i is about `[i * step, i * step + span)`."""
    scores: NDArray[np.float32]
    """`[N, L]`, 0..1; a row of NaN has nothing to say. Kept as float16."""


@dataclass(frozen=True, slots=True)
class NewVideo:
    """Everything about one video, stored in one transaction."""

    root_id: int
    relpath: str
    file: FileFacts
    state: VideoState
    recipe: str
    """What decides the rows below, part by part; another recipe makes the video stale."""
    code: str = ""
    reason: str = ""
    facts: VideoFacts = VideoFacts()
    clips: list[NewClip] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    """Where one shot ends and the next begins, ascending."""
    cues: list[Cue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VideoRecord:
    """One video as the catalog knows it."""

    id: int
    root_id: int
    root: Path
    relpath: str
    file: FileFacts
    state: VideoState
    code: str
    reason: str
    recipe: str
    facts: VideoFacts
    clips: int

    @property
    def path(self) -> Path:
        return self.root / self.relpath

    @property
    def title(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """One clip with what a result needs of its video."""

    id: int
    video_id: int
    start: float
    end: float
    path: Path
    title: str


@dataclass(frozen=True, slots=True)
class TrackedVideo:
    """A video with tracks, and what making segments of them needs."""

    id: int
    duration: float
    recipe: str


@dataclass(frozen=True, slots=True)
class Facet:
    """How often a tag is seen in the clips of a filter."""

    kind: str
    label: str
    videos: int
    clips: int
    seconds: float
    """Of the segments that these clips overlap, each counted once and whole."""


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """How much a catalog holds."""

    videos: dict[VideoState, int]
    clips: int
    film_seconds: float
