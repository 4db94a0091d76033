"""Saying how far indexing is: bars when somebody watches, plain lines otherwise. Both on stderr."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as RichProgress

from indexer.film import Film
from indexer.finding.changes import Work
from indexer.reporting.pace import Pace, duration
from search.printing import visible

LONG_FILM = 60.0
"""Seconds of film from which a film gets a bar of its own."""
LINE_EVERY = 5.0
"""Seconds between two plain lines."""


class Progress(Protocol):
    """What indexing tells while it runs; called from several threads."""

    def say(self, words: str, share: float | None = None) -> None:
        """A sentence for the person, and how much of the work is done, 0..1, where nobody told what it is."""
        ...

    def begin(self, work: Sequence[Work], clip_seconds: float) -> None:
        """These files will be decoded; a clip begins every `clip_seconds` of film."""
        ...

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        """So many seconds of this file are decoded, of so many if that is known."""
        ...

    def finished(self, film: Film) -> None:
        """This file has been stored, or left for later."""
        ...

    def end(self) -> None:
        """Nothing more will come."""
        ...


class Silence:
    """Says nothing."""

    def say(self, words: str, share: float | None = None) -> None:
        return None

    def begin(self, work: Sequence[Work], clip_seconds: float) -> None:
        return None

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        return None

    def finished(self, film: Film) -> None:
        return None

    def end(self) -> None:
        return None


class Lines:
    """A line at most every few seconds, and one for the last file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = Pace([])
        self._said = time.monotonic()

    def say(self, words: str, share: float | None = None) -> None:
        print(words, file=self._stream)

    def begin(self, work: Sequence[Work], clip_seconds: float) -> None:
        self._pace = Pace(work)

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        self._pace.decoding(work, seconds, total)
        if self._is_time():
            of = f" of {duration(total)}" if total else ""
            self._print(f"{visible(work.relpath)}: {duration(seconds)}{of}")

    def finished(self, film: Film) -> None:
        self._pace.take(film)
        if self._pace.finished == self._pace.files or self._is_time():
            self._print(what_became(film))

    def end(self) -> None:
        self._stream.flush()

    def _is_time(self) -> bool:
        return time.monotonic() - self._said > LINE_EVERY

    def _print(self, words: str) -> None:
        self._said = time.monotonic()
        self.say(f"[{self._pace.finished}/{self._pace.files}] {words} ({self._pace})")


class Bars:
    """One bar for all files, and one for each long film in work, counting clips."""

    def __init__(self, console: Console) -> None:
        self._bars = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}", markup=False),
            console=console,
            transient=True,
        )
        self._pace = Pace([])
        self._clip_seconds = 1.0
        self._files = TaskID(0)
        self._films: dict[Work, TaskID] = {}

    def say(self, words: str, share: float | None = None) -> None:
        self._bars.console.print(words, markup=False, highlight=False)

    def begin(self, work: Sequence[Work], clip_seconds: float) -> None:
        self._pace, self._clip_seconds = Pace(work), clip_seconds
        self._files = self._bars.add_task("files", total=len(work), words="")
        self._bars.start()

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        self._pace.decoding(work, seconds, total)
        self._bars.update(self._files, words=str(self._pace))
        if not total or total < LONG_FILM:
            return
        if work not in self._films:
            clips = math.ceil(total / self._clip_seconds)
            self._films[work] = self._bars.add_task(visible(work.relpath)[-40:], total=clips, words="clips")
        self._bars.update(self._films[work], completed=int(seconds / self._clip_seconds))

    def finished(self, film: Film) -> None:
        self._pace.take(film)
        if film.work in self._films:
            self._bars.remove_task(self._films.pop(film.work))
        self._bars.update(self._files, completed=self._pace.finished, words=str(self._pace))

    def end(self) -> None:
        self._bars.stop()


def choose_progress(stream: TextIO) -> Progress:
    """Bars on a terminal, lines elsewhere."""
    return Bars(Console(file=stream)) if stream.isatty() else Lines(stream)


def what_became(film: Film) -> str:
    """A film's name and state in one line."""
    name = visible(film.work.relpath)
    if film.outcome is None:
        return f"{name}: left for later, it changed meanwhile"
    return f"{name}: {film.outcome.state.value}" + (f", {film.outcome.reason}" if film.outcome.reason else "")
