"""A running job says how far it is, and hears whether it is still wanted."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from indexer.film import Film
from indexer.finding.changes import Work
from indexer.reporting.pace import Pace, duration
from indexer.reporting.progress import what_became
from search.catalog.jobs import Job
from search.catalog.store import Catalog
from search.errors import VsearchError
from search.printing import visible

EVERY = 0.5
"""Seconds between two times that the catalog is told."""
PATIENCE = 30.0
"""Seconds until the process is told to stop again: an interrupt that arrives in a finalizer is lost."""


class Telling:
    """A `Progress` that ends up in the job's row; a context manager, in which a thread writes it down.

    When the job is not wanted any more, this process gets SIGINT.
    """

    def __init__(self, catalog: Catalog, job: Job) -> None:
        self._catalog, self._job = catalog, job
        self._words = ""
        self._share: float | None = None
        self._pace: Pace | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def say(self, words: str, share: float | None = None) -> None:
        self._words, self._share = words, share

    def begin(self, work: Sequence[Work], clip_seconds: float) -> None:
        self._pace = Pace(work)

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        if self._pace:
            self._pace.decoding(work, seconds, total)
        self._words = f"{visible(work.relpath)}: {duration(seconds)}" + (f" of {duration(total)}" if total else "")

    def finished(self, film: Film) -> None:
        if self._pace:
            self._pace.take(film)
        self._words = what_became(film)

    def end(self) -> None:
        return None

    def _tell(self) -> None:
        wanted = True
        while wanted and not self._over.wait(EVERY):
            with suppress(VsearchError):  # the catalog is busy: the next time will do
                wanted = self._catalog.tell_job(self._job, *self._state())
        while not wanted and not self._over.is_set():
            os.kill(os.getpid(), signal.SIGINT)
            self._over.wait(PATIENCE)

    def _state(self) -> tuple[float | None, str]:
        pace = self._pace
        if pace is None:
            return self._share, self._words
        return pace.share, f"[{pace.finished}/{pace.files}] {self._words} ({pace})"
