"""What is made of a film's frames as they come: clips for the encoder, rows of frames for classifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from classifiers.contracts import FramesNeeded
from indexer.decoding.child import Shown
from indexer.decoding.clips import Clip, ClipAssembler, ClipPlan
from indexer.pictures.thumbnails import HEIGHT, WIDTH, encode_jpeg, pick_thumbnail
from indexer.sources.base import Tap
from search.contracts import UInt8

THUMBNAILS = Tap("thumbnails", fps=2.0, width=WIDTH, height=HEIGHT, fit="inside")
MIDDLE = 0.5
"""The phase at which classifiers see: what is said of a step errs on neither side."""
MOST_ROWS = 16
ROW_PIXELS = 1 << 21
"""Most pixels (rows x window x height x width) of one `NeededFrames`, unless a single row is larger."""


@dataclass(frozen=True, slots=True)
class DecodedClip:
    """One clip of a film, ready to be encoded."""

    start: float
    """Seconds from the first shown frame."""
    end: float
    frames: UInt8
    """RGB `[T, S, S, 3]`."""
    thumbnail: bytes | None
    """JPEG, at most 320 pixels wide."""
    repeats_previous: bool
    """It shows one picture only, as the clip before did: the same vector serves."""


@dataclass(frozen=True, slots=True)
class NeededFrames:
    """The next frames of a film for the classifiers that need them so, all of one size."""

    needs: FramesNeeded
    rows: tuple[UInt8, ...]
    """RGB `[H, W, 3]`, or `[window, H, W, 3]`, a row of scores each."""
    repeats: tuple[int, ...]
    """For how many rows of scores each stands: a picture that does not change is looked at once."""


Taken = DecodedClip | NeededFrames


class Taker(Protocol):
    """Takes what its taps show and gives what has become complete."""

    @property
    def taps(self) -> tuple[Tap, ...]: ...

    def take(self, shown: Shown, picture: UInt8) -> Iterator[Taken]: ...

    def cut(self, at: float) -> Iterator[Taken]:
        """A shot begins at `at` seconds, and with it anew the grid of the taps that go by shot."""
        ...

    def finish(self, end: float) -> Iterator[Taken]:
        """The film ends at `end` seconds: gives what remains."""
        ...


class ClipTaker:
    """Clips in the making, and pictures that may stand for them."""

    def __init__(self, plan: ClipPlan, start: float, thumbnails: bool) -> None:
        clips = Tap("clips", plan.fps, plan.size, plan.size, plan.fit, by_shot=plan.shots)
        self.taps = (replace(THUMBNAILS, by_shot=plan.shots), clips) if thumbnails else (clips,)
        self._plan = plan
        self._thumbnails = thumbnails
        self._start = start  # of the taps' grids
        self._assembler = ClipAssembler(plan, start)
        self._pictures: list[tuple[float, float, UInt8]] = []  # seen from, until
        self._thumbnail: bytes | None = None

    def take(self, shown: Shown, picture: UInt8) -> Iterator[DecodedClip]:
        if shown.tap == THUMBNAILS.name:
            seen, until = (self._start + step / THUMBNAILS.fps for step in (shown.steps.start, shown.steps.stop))
            self._pictures.append((seen, until, picture))
        else:
            yield from map(self._dress, self._assembler.show(picture, len(shown.steps)))

    def cut(self, at: float) -> Iterator[DecodedClip]:
        if self._plan.shots:
            yield from map(self._dress, self._assembler.cut(at))
            self._start = at
            self._pictures.clear()

    def finish(self, end: float) -> Iterator[DecodedClip]:
        yield from map(self._dress, self._assembler.finish(end))

    def _dress(self, clip: Clip) -> DecodedClip:
        """Adds the thumbnail and forgets the pictures that are behind."""
        if self._thumbnails and not clip.repeats_previous:
            self._pictures = [kept for kept in self._pictures if kept[1] > clip.start]
            seen = [picture for start, _, picture in self._pictures if start < clip.end]
            self._thumbnail = encode_jpeg(pick_thumbnail(seen or clip.frames))
        return DecodedClip(clip.start, clip.end, clip.frames, self._thumbnail, clip.repeats_previous)


class FrameTaker:
    """Rows of frames in the making; row i is about seconds `[i, i + 1) * window / fps`.

    A row's frames are those seen in the middle of its steps.
    """

    def __init__(self, needs: FramesNeeded) -> None:
        self.taps = (Tap(repr(needs), needs.fps, needs.width, needs.height, needs.fit, phase=MIDDLE),)
        self._needs = needs
        self._assembler = ClipAssembler(ClipPlan(needs.window, needs.fps, max(needs.width, needs.height)))
        self._rows: list[UInt8] = []
        self._repeats: list[int] = []

    def take(self, shown: Shown, picture: UInt8) -> Iterator[NeededFrames]:
        most = ROW_PIXELS // (self._needs.window * picture.shape[0] * picture.shape[1])
        yield from self._gather(self._assembler.show(picture, len(shown.steps)), min(MOST_ROWS, max(1, most)))

    def cut(self, at: float) -> Iterator[NeededFrames]:
        return iter(())

    def finish(self, end: float) -> Iterator[NeededFrames]:
        yield from self._gather(self._assembler.finish(end), MOST_ROWS)
        if self._rows:
            yield self._give()

    def _gather(self, windows: Iterable[Clip], most: int) -> Iterator[NeededFrames]:
        for window in windows:
            if window.repeats_previous and self._rows:
                self._repeats[-1] += 1
                continue
            row = window.frames if self._needs.window > 1 else window.frames[0]
            if self._rows and (len(self._rows) >= most or self._rows[0].shape != row.shape):
                yield self._give()  # a film may go on in another size
            self._rows.append(row)
            self._repeats.append(1)

    def _give(self) -> NeededFrames:
        given = NeededFrames(self._needs, tuple(self._rows), tuple(self._repeats))
        self._rows, self._repeats = [], []
        return given
