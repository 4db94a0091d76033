"""Films to clips and frames: a child process decodes, this side assembles; a broken file costs itself only."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from classifiers.contracts import FramesNeeded
from indexer.cues.reading import Words, WordsRequest
from indexer.cues.sidecars import Sidecar
from indexer.decoding.child import Cut, Message, Opened, Progress, Request, Shown
from indexer.decoding.clips import ClipPlan
from indexer.decoding.outcome import DecodeOutcome, failed, partial
from indexer.decoding.process import Child, ChildLost
from indexer.decoding.takers import THUMBNAILS, ClipTaker, DecodedClip, FrameTaker, Taken, Taker
from indexer.sources.base import SourceInfo
from indexer.sources.registry import asked_for
from search.contracts import UInt8

__all__ = ["DecodedClip", "Decoder", "OnProgress"]

OnProgress = Callable[[float, float | None], None]
"""Called with the seconds decoded and the seconds promised (None where nothing is)."""


class Decoder:
    """Decodes one file after another in a child process, which is started when first needed and after a crash.

    Use it from one thread at a time and close it, or use it as a context manager.
    """

    def __init__(self, *, patience: float = 30.0, source: str | None = None) -> None:
        """`patience`: seconds without progress after which the child is killed; `source`: name of a frame source.

        Raises UsageError for a source that is not known.
        """
        self._patience = patience
        self._source = asked_for(source)
        self._child: Child | None = None
        self._outcome: DecodeOutcome | None = None
        self.cuts: list[float] = []
        """Of the last film for which `decode_all` looked for them, as far as they are known; seconds, ascending."""

    @property
    def outcome(self) -> DecodeOutcome:
        """How the last `decode` ended; there once its iterator is exhausted, else ValueError."""
        if self._outcome is None:
            raise ValueError("no file has been decoded to its end")
        return self._outcome

    def decode(
        self,
        path: Path,
        plan: ClipPlan,
        *,
        start: float = 0.0,
        end: float | None = None,
        thumbnails: bool = True,
        on_progress: OnProgress | None = None,
    ) -> Iterator[DecodedClip]:
        """The clips of the film, or of its span from `start` to `end` seconds, in order. No file raises.

        Raises CannotGoOn where the child does not start.
        """
        takers = [ClipTaker(plan, start, thumbnails)]
        with closing(self._decode(_request(path, takers, start, end), takers, on_progress)) as taken:
            for it in taken:
                if isinstance(it, DecodedClip):
                    yield it

    def decode_all(
        self,
        path: Path,
        plan: ClipPlan | None,
        needs: Sequence[FramesNeeded] = (),
        *,
        cuts: bool = False,
        on_progress: OnProgress | None = None,
    ) -> Iterator[Taken]:
        """All that is wanted of a film in one pass: its clips (unless `plan` is None), and frames for classifiers.

        With `cuts` they are looked for, and are in `self.cuts` when the iterator is exhausted; a plan of clips inside
        shots needs that. Takers that need the same share a tap. As `decode` otherwise.
        """
        takers: list[Taker] = [FrameTaker(need) for need in dict.fromkeys(needs)]
        if plan:
            takers.append(ClipTaker(plan, 0.0, thumbnails=True))
        return self._decode(_request(path, takers, 0.0, None, cuts), takers, on_progress)

    def read_words(self, path: Path, sidecars: Sequence[Sidecar], duration: float) -> Words:
        """What is said in a film of `duration` seconds, by its own text tracks and by the files beside it.

        No file raises. Raises CannotGoOn where the child does not start.
        """
        request = WordsRequest(os.fspath(path), tuple(os.fspath(it.path) for it in sidecars), duration)
        self._child = self._child or Child(self._source, self._patience)
        try:
            self._child.ask(request)
            while not isinstance(message := self._child.answer()[0], Words):
                pass
        except ChildLost as lost:
            self.close()
            return Words(passed_over=(f"{path.name}: {lost.reason}",))
        return message

    def _decode(
        self, request: Request, takers: Sequence[Taker], on_progress: OnProgress | None
    ) -> Generator[Taken, None, None]:
        self._outcome = None
        film = _Film(takers, request.start, on_progress)
        self.cuts = film.cuts
        try:
            yield from self._follow(request, film)
        except ChildLost as lost:
            yield from film.finish(film.time)
            self._outcome = film.lost(lost)
        finally:
            if self._outcome is None or self._outcome.code in ChildLost.codes:
                self.close()  # it has crashed, hangs, or is in the middle of a film nobody wants any more

    def _follow(self, request: Request, film: _Film) -> Iterator[Taken]:
        if self._child is None:
            self._child = Child(self._source, self._patience)
        self._child.ask(request)
        while True:
            message, picture = self._child.answer()
            if isinstance(message, DecodeOutcome):
                yield from film.finish(message.facts.duration)
                self._outcome = message
                return
            yield from film.take(message, picture)

    def close(self) -> None:
        """Ends the child process; the next `decode` starts another."""
        if self._child:
            self._child.kill()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _request(path: Path, takers: Sequence[Taker], start: float, end: float | None, cuts: bool = False) -> Request:
    return Request(os.fspath(path), tuple(tap for taker in takers for tap in taker.taps), start, end, cuts)


class _Film:
    """What has come of one film so far."""

    def __init__(self, takers: Sequence[Taker], start: float, on_progress: OnProgress | None) -> None:
        self.time = 0.0
        self.cuts: list[float] = []
        self._start = start
        self._on_progress = on_progress
        self._takers = {tap.name: (taker, tap) for taker in takers for tap in taker.taps}
        self._info: SourceInfo | None = None
        self._frames = self._given = 0

    def take(self, message: Message, picture: UInt8 | None) -> Iterator[Taken]:
        match message:
            case Opened(info):
                self._info = info
            case Progress(time, frames):
                self._frames = frames
                self._advance(time)
            case Cut(time):
                self.cuts.append(time)
                for taker in self._each_taker():
                    yield from self._count(taker.cut(time))
            case Shown(name, steps) if picture is not None:
                taker, tap = self._takers[name]
                yield from self._count(taker.take(message, picture))
                if name != THUMBNAILS.name:
                    begin = self.cuts[-1] if tap.by_shot and self.cuts else self._start
                    self._advance(begin + (steps.stop - tap.phase) / tap.fps)

    def finish(self, end: float) -> Iterator[Taken]:
        for taker in self._each_taker():
            yield from self._count(taker.finish(end))

    def lost(self, error: ChildLost) -> DecodeOutcome:
        if self._info is None or not self._given:
            return failed(error.code, error.reason, self._info)
        return partial(error.code, error.reason, self._info, self.time, self._frames)

    def _each_taker(self) -> Iterable[Taker]:
        return dict.fromkeys(taker for taker, _ in self._takers.values())

    def _count(self, taken: Iterator[Taken]) -> Iterator[Taken]:
        for it in taken:
            self._given += 1
            yield it

    def _advance(self, time: float) -> None:
        self.time = max(self.time, time)
        if self._on_progress:
            self._on_progress(self.time, self._info.duration if self._info else None)
