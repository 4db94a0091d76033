"""One program at a time does a task for a library, and the others can say who does it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import filelock

from search.errors import LibraryLocked, LibraryReadOnly

EVERY = 0.1
"""Seconds between two tries of one who waits."""


class Lock(Protocol):
    """Let go of by the system when the process ends, however it ends."""

    def acquire(self) -> bool:
        """Whether it is ours now; does not wait."""

    def release(self) -> None:
        """To be called in the end, also after tries that failed."""

    def holder(self) -> str | None:
        """Who holds it, for people; None where nobody does."""


@contextmanager
def indexing_lock(lock: Lock, library: str, *, wait: bool) -> Iterator[None]:
    """Holds a library for indexing. Raises LibraryLocked naming the holder, unless `wait`."""
    try:
        while not lock.acquire():
            if not wait:
                raise LibraryLocked(
                    f"The library {library} is being indexed by {lock.holder() or 'another process'}.",
                    "Wait for it to end, or add --wait.",
                )
            time.sleep(EVERY)
        yield
    finally:
        lock.release()


def this_process() -> str:
    """How others are told who holds a lock."""
    return f"process {os.getpid()} on {socket.gethostname()[:24]} since {time.strftime('%H:%M:%S')}"


class FileLock:
    """A lock file beside the library, and another that names its holder."""

    def __init__(self, folder: Path, task: str) -> None:
        self._folder = folder
        self._lock = filelock.FileLock(folder / f"{task}.lock")
        self._holder = folder / f"{task}.holder"

    def acquire(self) -> bool:
        """Raises LibraryReadOnly when the folder cannot be written."""
        if not self._acquire():
            return False
        self._holder.write_text(this_process())
        return True

    def release(self) -> None:
        if self._lock.is_locked:
            self._holder.unlink(missing_ok=True)
            self._lock.release()

    def holder(self) -> str | None:
        if self._acquire():
            self._lock.release()
            return None
        try:
            return self._holder.read_text() or "another process"
        except OSError:
            return "another process"

    def _acquire(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        except OSError as error:
            raise LibraryReadOnly(
                f"The library {self._folder} cannot be written ({error.strerror}).",
                "Give yourself write permission there, or choose another place with --library.",
            ) from error
        return True
