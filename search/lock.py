"""One indexer at a time: a lock file that names its holder."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from search.errors import LibraryLocked, LibraryReadOnly


@contextmanager
def indexing_lock(folder: Path, *, wait: bool) -> Iterator[None]:
    """Holds the library for indexing. The system lets go of it when the process ends, however it ends.

    Raises LibraryLocked naming the holder unless `wait`, LibraryReadOnly when the folder cannot be written.
    """
    lock = filelock.FileLock(folder / "index.lock")
    holder = folder / "index.holder"
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except filelock.Timeout:
        raise LibraryLocked(
            f"The library {folder} is being indexed by {_name_of(holder)}.",
            "Wait for it to end, or add --wait.",
        ) from None
    except OSError as error:
        raise LibraryReadOnly(
            f"The library {folder} cannot be written ({error.strerror}).",
            "Give yourself write permission there, or choose another place with --library.",
        ) from error
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _name_of(holder: Path) -> str:
    try:
        facts = json.loads(holder.read_text())
        since = time.strftime("%H:%M:%S", time.localtime(facts["since"]))
        return f"process {facts['pid']} on {facts['host']} since {since}"
    except (OSError, ValueError, KeyError):
        return "another process"
