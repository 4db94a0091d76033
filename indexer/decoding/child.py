"""The process that decodes: one request in, frames and one outcome out.

It is apart because a decoder may crash or hang on a broken file; that then costs one file. It never imports
TensorFlow. Messages are pickled; the pixels of a `Shown` follow it as raw bytes.
"""

from __future__ import annotations

import math
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from indexer.cues.reading import Words, WordsRequest, read_words
from indexer.decoding.clips import grid_steps
from indexer.decoding.outcome import DecodeOutcome, failed, falls_short, indexed, partial
from indexer.decoding.shots import CutFinder
from indexer.sources.base import CannotDecode, FrameSource, SourceFrame, SourceInfo, Tap
from indexer.sources.registry import find_source
from search.contracts import UInt8

MEMORY_LIMIT = 4 << 30
"""Bytes of address space: enough for 8K film, too little for a decompression bomb to hurt."""
PULSE = 0.5
"""Seconds between signs of life while frames are decoded that nobody takes."""
READY = "ready"
SHORTEST_FILM = 0.01
"""Seconds; a lone picture is shown for that long at least, so that it is on the grid."""


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    taps: tuple[Tap, ...]
    """In the order in which they are fed with each frame."""
    start: float
    end: float | None
    cuts: bool = False
    """Whether cuts are looked for. Taps that go by shot need that."""


@dataclass(frozen=True, slots=True)
class Opened:
    info: SourceInfo


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame for the grid points `steps` of a tap; of one that goes by shot, counted from the shot's beginning."""

    tap: str
    steps: range
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Frames up to `time`, seconds of film, were decoded. Sent when that is really so, at least once a `PULSE`."""

    time: float
    frames: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A shot begins at `time`, seconds of film: all frames sent before belong to others."""

    time: float


Message = Opened | Shown | Cut | Progress | DecodeOutcome | Words
Send = Callable[[Message, UInt8 | None], None]


class Feeder:
    """Decodes one opened film once and feeds every tap from that pass."""

    def __init__(self, request: Request, source: FrameSource, send: Send) -> None:
        self._request, self._source, self._send = request, source, send
        self._frames = 0
        self._pulse = time.monotonic()
        self._finder = CutFinder() if request.cuts else None
        self._held: deque[tuple[SourceFrame, float]] = deque()
        """Frames of which the shot is not known yet, each with when it ends."""
        self._shot = request.start
        """Where it began."""

    def run(self) -> DecodeOutcome:
        pending: SourceFrame | None = None
        stop = self._request.end
        for frame in self._source.frames():
            if pending:
                self._take(pending, frame.time)
                self._give(self._finder.settled if self._finder else math.inf)
            self._frames += 1
            self._progress(frame.time)
            pending = frame
            if stop is not None and frame.time >= stop:
                return self._finish(pending, stop, stopped=True)
        if pending is None:
            raise self._source.why_empty()
        return self._finish(pending, max(pending.time + pending.duration, SHORTEST_FILM), stopped=False)

    def _finish(self, last: SourceFrame, end: float, stopped: bool) -> DecodeOutcome:
        info, source = self._source.info, self._source
        if end <= self._request.start:
            return failed("outside-film", f"the film ends at {end:.1f} s, before the span begins", info)
        self._take(last, end)
        self._give(math.inf, last=True)
        if source.damaged:
            why = f"{source.damaged} of {source.packets} packets are damaged"
            return partial("damaged", why, info, end, self._frames)
        if not stopped and falls_short(info.duration, max(end, source.reached)):
            return partial("incomplete", "nothing readable after that", info, end, self._frames)
        return indexed(info, end, self._frames)

    def _take(self, frame: SourceFrame, until: float) -> None:
        """Holds a frame that is shown until `until`; where a cut is known thereby, what was before it is given."""
        self._held.append((frame, until))
        for cut in self._finder.see(frame, until) if self._finder else ():
            self._give(cut)
            self._send(Cut(cut), None)
            self._shot = cut

    def _give(self, before: float, last: bool = False) -> None:
        """Gives the taps the held frames whose time is before `before`."""
        while self._held and self._held[0][0].time < before:
            frame, until = self._held.popleft()
            self._show(frame, until, last and not self._held)

    def _show(self, frame: SourceFrame, until: float, last: bool) -> None:
        """Gives a frame to the taps on whose grid it is seen; only then is it scaled.

        The last one is held to the end of its step, so that a tap has a frame for every step that has begun.
        """
        until = until if self._request.end is None else min(until, self._request.end)
        for tap in self._request.taps:
            shift = tap.phase / tap.fps
            start = (self._shot if tap.by_shot else self._request.start) + shift
            steps = grid_steps(frame.time, until + shift if last else until, tap.fps, start)
            if steps:
                picture = frame.fitted(tap)
                self._send(Shown(tap.name, steps, picture.shape), picture)

    def _progress(self, film_time: float) -> None:
        now = time.monotonic()
        if self._frames == 1 or now - self._pulse >= PULSE:
            self._pulse = now
            self._send(Progress(film_time, self._frames), None)


def decode_file(request: Request, open_source: Callable[[Path], FrameSource], send: Send) -> DecodeOutcome:
    """Serves one request; whatever is wrong with the file becomes the outcome."""
    try:
        with closing(open_source(Path(request.path))) as source:
            send(Opened(source.info), None)
            return Feeder(request, source, send).run()
    except CannotDecode as error:
        return failed(error.code, error.reason)


def main(descriptor: int, parent: int, source: str | None) -> None:
    """Serves requests that come through the socket `descriptor` until process `parent` closes it or ends.

    `source`: name of a frame source, None for the first that is installed. Says READY when it is there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):  # not every system can limit it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with Connection(descriptor) as connection, suppress(EOFError, BrokenPipeError, ConnectionResetError):

        def send(message: Message, picture: UInt8 | None) -> None:
            connection.send(message)
            if picture is not None:
                connection.send_bytes(picture.data.cast("B"))

        open_source = find_source(source)
        connection.send(READY)
        while True:
            request = connection.recv()
            if isinstance(request, WordsRequest):
                connection.send(read_words(request, _pulse(send)))
            else:
                connection.send(decode_file(request, open_source, send))


def _pulse(send: Send) -> Callable[[], None]:
    """What says, at most once a PULSE, that work goes on."""
    said = time.monotonic()

    def alive() -> None:
        nonlocal said
        if time.monotonic() - said >= PULSE:
            said = time.monotonic()
            send(Progress(0.0, 0), None)

    return alive


def _end_with(parent: int) -> None:
    """Ends this process when its parent has gone, even from within a decoder that hangs."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
