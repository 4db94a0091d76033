"""What a library takes on disk, by what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from search.library import Library
from search.naming import PICTURES
from search.proxies import FOLDER


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes."""

    catalog: int
    """Films, clips with their vectors, tags, words; without the thumbnails, which are in the same file."""
    thumbnails: int
    vectors: int
    """What is searched, and what its scores are weighed by; both can be made anew."""
    proxies: int
    """Copies of films that no browser plays."""
    appearances: int
    """The pictures by which a person names characters."""

    @property
    def total(self) -> int:
        return self.catalog + self.thumbnails + self.vectors + self.proxies + self.appearances


def disk_use(library: Library) -> DiskUse:
    """Films that were drawn into the library's folder are not counted: they are films, wherever they lie."""
    folder, thumbnails = library.path, library.catalog.thumbnail_bytes()
    catalog = library.catalog.store.size() - thumbnails
    return DiskUse(
        catalog=max(0, catalog),
        thumbnails=thumbnails,
        vectors=size_of(chain(folder.glob("vectors-*"), folder.glob("background-*"))),
        proxies=size_of((folder / FOLDER).glob("*")),
        appearances=size_of((folder / PICTURES).glob("*/*.jpg")),
    )


def size_of(files: Iterable[Path]) -> int:
    """Bytes; files that go meanwhile do not count."""
    total = 0
    for path in files:
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
