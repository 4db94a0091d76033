"""Films to clips: a child process decodes, this side assembles; a broken file costs itself only."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from indexer.clips import Clip, ClipAssembler, ClipPlan
from indexer.decode_child import READY, Message, Opened, Progress, Request, Shown
from indexer.outcome import DecodeOutcome, failed, partial
from indexer.sources.base import SourceInfo, Tap
from indexer.sources.registry import asked_for
from indexer.thumbnails import HEIGHT, WIDTH, encode_jpeg, pick_thumbnail
from search.contracts import UInt8
from search.errors import CannotGoOn
from search.runtime import verbose

THUMBNAILS = Tap("thumbnails", fps=2.0, width=WIDTH, height=HEIGHT, fit="inside")
STARTUP = 60.0
"""Seconds a child may take to start; on a cold disk the libraries load slowly."""
OnProgress = Callable[[float, float | None], None]
"""Called with the seconds decoded and the seconds promised (None where nothing is)."""


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
        self._child: _Child | None = None
        self._outcome: DecodeOutcome | None = None

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
        self._outcome = None
        film = _Film(plan, start, thumbnails, on_progress)
        taps = (THUMBNAILS, film.tap) if thumbnails else (film.tap,)
        request = Request(os.fspath(path), taps, start, end)
        try:
            yield from self._follow(request, film)
        except _ChildLost as lost:
            yield from film.finish(film.time)
            self._outcome = film.lost(lost)
        finally:
            if self._outcome is None or self._outcome.code in _ChildLost.codes:
                self.close()  # it has crashed, hangs, or is in the middle of a film nobody wants any more

    def _follow(self, request: Request, film: _Film) -> Iterator[DecodedClip]:
        if self._child is None:
            self._child = _Child(self._source, self._patience)
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


class _Film:
    """What has come of one film so far: clips in the making and pictures that may stand for them."""

    def __init__(self, plan: ClipPlan, start: float, thumbnails: bool, on_progress: OnProgress | None) -> None:
        self.tap = Tap("clips", plan.fps, plan.size, plan.size, plan.fit)
        self.time = 0.0
        self._start = start
        self._on_progress = on_progress
        self._assembler = ClipAssembler(plan, start)
        self._info: SourceInfo | None = None
        self._frames = self._clips = 0
        self._pictures: list[tuple[float, float, UInt8]] = []  # seen from, until
        self._thumbnail: bytes | None = None
        self._wants_thumbnails = thumbnails

    def take(self, message: Message, picture: UInt8 | None) -> Iterator[DecodedClip]:
        match message:
            case Opened(info):
                self._info = info
            case Progress(time, frames):
                self._frames = frames
                self._advance(time)
            case Shown(tap, steps) if picture is not None and tap == THUMBNAILS.name:
                seen, until = (self._start + step / THUMBNAILS.fps for step in (steps.start, steps.stop))
                self._pictures.append((seen, until, picture))
            case Shown(_, steps) if picture is not None:
                yield from map(self._dress, self._assembler.show(picture, len(steps)))
                self._advance(self._start + steps.stop / self.tap.fps)

    def finish(self, end: float) -> Iterator[DecodedClip]:
        yield from map(self._dress, self._assembler.finish(end))

    def lost(self, error: _ChildLost) -> DecodeOutcome:
        if self._info is None or not self._clips:
            return failed(error.code, error.reason, self._info)
        return partial(error.code, error.reason, self._info, self.time, self._frames)

    def _advance(self, time: float) -> None:
        self.time = max(self.time, time)
        if self._on_progress:
            self._on_progress(self.time, self._info.duration if self._info else None)

    def _dress(self, clip: Clip) -> DecodedClip:
        """Adds the thumbnail and forgets the pictures that are behind."""
        self._clips += 1
        if self._wants_thumbnails and not clip.repeats_previous:
            self._pictures = [kept for kept in self._pictures if kept[1] > clip.start]
            seen = [picture for start, _, picture in self._pictures if start < clip.end]
            self._thumbnail = encode_jpeg(pick_thumbnail(seen or clip.frames))
        return DecodedClip(clip.start, clip.end, clip.frames, self._thumbnail, clip.repeats_previous)


class _ChildLost(Exception):
    """The child crashed or hung on the file it was decoding."""

    codes = ("crashed", "hung")

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Child:
    """The decoding process and the socket to it."""

    def __init__(self, source: str | None, patience: float) -> None:
        """Raises CannotGoOn where it does not start."""
        ours, theirs = socket.socketpair()
        whole, part = divmod(patience, 1)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(whole), int(part * 1e6)))
        with theirs:
            words = f"from indexer.decode_child import main; main({theirs.fileno()}, {os.getpid()}, {source!r})"
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", words],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if verbose() else subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)},
                process_group=0,  # Ctrl-C in the terminal is for the parent alone
            )
        self._connection = Connection(ours.detach())
        with suppress(EOFError, OSError):
            if self._connection.poll(STARTUP) and self._connection.recv() == READY:
                return
        self.kill()
        raise CannotGoOn("The decoder does not start.", "Run the command again with -v to see why.")

    def ask(self, request: Request) -> None:
        try:
            self._connection.send(request)
        except OSError as error:
            raise self._crash() from error

    def answer(self) -> tuple[Message, UInt8 | None]:
        """The next message, with its picture uint8 `[H, W, 3]` if it brings one. Raises _ChildLost."""
        try:
            message: Message = self._connection.recv()
            if not isinstance(message, Shown):
                return message, None
            pixels = np.frombuffer(self._connection.recv_bytes(), np.uint8)
        except BlockingIOError as error:  # the time set on the socket is over
            raise _ChildLost("hung", "the decoder stopped answering") from error
        except (EOFError, OSError) as error:
            raise self._crash() from error
        return message, pixels.reshape(message.shape)

    def kill(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _crash(self) -> _ChildLost:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        code = self._process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return _ChildLost("crashed", f"the decoder crashed ({how})")
