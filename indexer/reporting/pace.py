"""How fast indexing goes and how long it will still take, in numbers and in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from indexer.film import Film
from indexer.finding.changes import Work


def duration(seconds: float) -> str:
    """Like `0.4 s`, `12 s`, `2 min 10 s`, `3 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def time_left(elapsed: float, done: float, total: float) -> float | None:
    """Seconds left when `done` of `total` took `elapsed` seconds; None while that cannot be told."""
    return elapsed * (total - done) / done if 0 < done <= total else None


class Pace:
    """Counts films and seconds of film as they are decoded; time left is told by bytes. Safe between threads."""

    def __init__(self, work: Sequence[Work]) -> None:
        self.files = len(work)
        self.finished = 0
        self._bytes = sum(it.file.size for it in work)
        self._start = time.monotonic()
        self._done_bytes = 0.0
        self._film_seconds = 0.0
        self._in_work: dict[Work, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def decoding(self, work: Work, seconds: float, total: float | None) -> None:
        share = min(1.0, seconds / total) if total else 0.0
        with self._lock:
            self._in_work[work] = (seconds, share * work.file.size)

    def take(self, film: Film) -> None:
        with self._lock:
            self._in_work.pop(film.work, None)
            self.finished += 1
            self._done_bytes += film.work.file.size
            self._film_seconds += film.outcome.facts.duration if film.outcome else 0.0

    @property
    def share(self) -> float:
        """0..1 of all bytes."""
        with self._lock:
            return min(1.0, self._done() / self._bytes) if self._bytes else 0.0

    def __str__(self) -> str:
        """Like `8.1x real time, 2 min 10 s left`."""
        with self._lock:
            seconds = self._film_seconds + sum(seconds for seconds, _ in self._in_work.values())
            done = self._done()
        elapsed = max(time.monotonic() - self._start, 1e-3)
        left = time_left(elapsed, done, self._bytes)
        return f"{seconds / elapsed:.1f}x real time" + (f", {duration(left)} left" if left else "")

    def _done(self) -> float:
        """Bytes; to be called under the lock."""
        return self._done_bytes + sum(size for _, size in self._in_work.values())
