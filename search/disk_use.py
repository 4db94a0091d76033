"""What a library takes on disk, by what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search.library import Library
from search.proxies import FOLDER


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes."""

    catalog: int
    """Films, clips with their vectors, tags, words; without the thumbnails, which are in the same file."""
    thumbnails: int
    vectors: int
    """The cache that is searched; it can be made anew from the catalog."""
    proxies: int
    """Copies of films that no browser plays."""

    @property
    def total(self) -> int:
        return self.catalog + self.thumbnails + self.vectors + self.proxies


def disk_use(library: Library) -> DiskUse:
    """Films that were drawn into the library's folder are not counted: they are films, wherever they lie."""
    folder, thumbnails = library.path, library.catalog.thumbnail_bytes()
    catalog = library.catalog.store.size() - thumbnails
    return DiskUse(max(0, catalog), thumbnails, _size(folder, "vectors-*"), _size(folder / FOLDER, "*"))


def _size(folder: Path, names: str) -> int:
    """Of the files in a folder with such names; those that go meanwhile do not count."""
    total = 0
    for path in folder.glob(names):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
