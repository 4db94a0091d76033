"""Copies of films that every browser plays: where they lie in a library's folder, and which of them must go."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from search.catalog.records import VideoRecord
from search.library import Library

FOLDER = "proxies"
MOST_BYTES = 20 << 30
"""Of all copies of a library."""
PART = ".part"
"""Ends the name of one that is being written."""
LEFT_BEHIND = 3600.0
"""Seconds after which nobody writes any more what has not grown."""


@dataclass(frozen=True, slots=True)
class ProxyFile:
    """A file in the folder of the copies."""

    name: str
    size: int
    """Bytes."""
    written: float
    """Seconds since the epoch."""


def proxy_path(library: Library, film: VideoRecord) -> Path:
    """Where the copy of a film is or would be; another file of the same film has another."""
    return library.path / FOLDER / f"{film.id}-{film.file.fingerprint[:16]}.mp4"


def remove_proxies(library: Library, most_bytes: int = MOST_BYTES) -> int:
    """Removes copies of films that are gone or have changed, and the oldest while all are too large; their number.

    What cannot be removed stays.
    """
    folder = library.path / FOLDER
    if not folder.is_dir():
        return 0
    wanted = {proxy_path(library, film).name for film in library.catalog.videos()}
    removed = 0
    for name in superfluous(list(_files(folder)), wanted, most_bytes, time.time()):
        with suppress(OSError):
            (folder / name).unlink()
            removed += 1
    return removed


def superfluous(files: Iterable[ProxyFile], wanted: Collection[str], most_bytes: int, now: float) -> list[str]:
    """Names of files that are not `wanted`, left half written, or older than those that fill `most_bytes`. Pure."""
    gone, left = [], 0
    for file in sorted(files, key=lambda file: file.written, reverse=True):
        half = file.name.endswith(PART) and now - file.written > LEFT_BEHIND
        if half or file.name.removesuffix(PART) not in wanted or left + file.size > most_bytes:
            gone.append(file.name)
        else:
            left += file.size
    return gone


def _files(folder: Path) -> Iterator[ProxyFile]:
    for path in folder.iterdir():
        with suppress(OSError):  # another process removes some, too
            facts = path.stat()
            yield ProxyFile(path.name, facts.st_size, facts.st_mtime)
