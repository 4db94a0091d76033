"""The catalog's vectors, kept searchable.

The catalog is the truth. On disk beside it lies a cache, an index written at one *generation* of the catalog and
named by it; in memory the cache is brought up to the catalog's generation before every question: what was added
since is read from the catalog, what was removed is taken out. Clip ids are never reused and vectors never change, so
a cached index can differ from the catalog in these two ways only, and comparing counts finds the second.

Which kind of index it is depends on the size of the library (`registry.kind_for`). Who writes the cache makes the
index of another kind when its time has come; who reads takes it up from there.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.catalog.clips import VectorRows
from search.catalog.store import Catalog
from search.contracts import Float32, Int64, VectorIndex
from search.errors import LibraryDamaged
from search.vectors.registry import EXACT, INDEXES, index_class, kind_for

SAMPLE = 500
"""Clips that stand for the whole library where a question's scores are weighed."""
FOLD_SHARE = 0.05
FOLD_MOST = 20_000


@dataclass(frozen=True, slots=True)
class CacheFile:
    """What the name of a cache says."""

    path: Path
    kind: str
    generation: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of the vectors brought."""

    ids: Int64
    scores: Float32
    """Dot products, best first."""
    vectors: Float32
    """Of these clips, `[K, dim]`."""


class LiveVectors:
    """A searchable view of a catalog's vectors; safe to share between threads."""

    def __init__(self, catalog: Catalog, folder: Path, dim: int, *, identity: str) -> None:
        self._catalog = catalog
        self._folder = folder
        self._dim = dim
        self._identity = identity
        self._kind = EXACT
        self._lock = threading.Condition()
        self._searching = 0
        self._index: VectorIndex | None = None
        self._generation = -1
        self._cached_rows = 0
        self._seen: list[CacheFile] = []
        self._ids: Int64 | None = None
        self._sample: Float32 | None = None

    def search(self, query: Float32, k: int, allowed: Int64 | None = None, *, generation: int | None = None) -> Found:
        """The `min(k, matches)` best clips, of the catalog as it is now or at a `generation` that was just read."""
        with self._held(generation) as index:
            ids, scores = index.search(query, k, allowed)
            return Found(ids, scores, index.vectors(ids))

    def sample(self, *, generation: int | None = None) -> Float32:
        """Vectors of clips spread evenly over the library, `[S, dim]`; the same object while the library stays."""
        with self._held(generation) as index:
            sample = self._sample
            if sample is None:
                every = self._ids_of(index)
                spread = np.linspace(0, len(every) - 1, min(SAMPLE, len(every))).astype(np.int64)
                self._sample = sample = index.vectors(every[spread])
            return sample

    def vectors(self, ids: Int64) -> tuple[Int64, Float32]:
        """Those of these clips that are still there, and their vectors `[N, dim]`."""
        with self._held() as index:
            held = self._ids_of(index)
            there = ids[np.searchsorted(held, ids, side="left") < np.searchsorted(held, ids, side="right")]
            return there, index.vectors(there)

    def __len__(self) -> int:
        with self._lock:
            return len(self._current())

    @property
    def kind(self) -> str:
        """The index that searches here, by its name in the registry; before the first search, the one on disk."""
        with self._lock:
            files = self._files()
            return files[0].kind if self._index is None and files else self._kind

    def fold(self, *, force: bool = False) -> bool:
        """Writes the cache when the tail has grown (or `force`), or another kind suits; whether it was written."""
        with self._lock:
            index = self._current()
            tail = abs(len(index) - self._cached_rows)
            stale = self._generation not in {file.generation for file in self._files()}
            grown = stale and (force or tail > min(FOLD_MOST, FOLD_SHARE * self._cached_rows))
            if not grown and self._kind == kind_for(len(index)):
                return False
            self._write(self._suited(index))
            return True

    def complaints(self) -> list[str]:
        """What the cache has wrong, a line each; that it lags behind the catalog is no complaint."""
        with self._lock:
            found = [line for file in self._files() for line in self._spoiled(file)]
            index = self._current()
            rows = self._catalog.vectors_after(0, self._dim)
            if not np.array_equal(index.ids(), rows.ids):
                found.append("the cached clips are not those of the catalog")
            elif wrong := int(
                np.count_nonzero(np.any(np.abs(index.vectors(rows.ids) - rows.vectors) > 1e-3, axis=1))
            ):
                found.append(f"{wrong} cached vectors are not those of the catalog")
            return found

    def _spoiled(self, file: CacheFile) -> list[str]:
        if file.generation > self._catalog.generation():
            return [f"{file.path.name} is newer than the catalog"]
        try:
            self._read(file)
        except LibraryDamaged:
            return [f"{file.path.name} cannot be read"]
        return []

    def rebuild(self) -> None:
        """Makes the index and its cache anew from the catalog."""
        with self._lock:
            self._start(EXACT, index_class(EXACT)(self._dim))
            for file in self._files():
                file.path.unlink(missing_ok=True)
            self._write(self._suited(self._current()))

    @contextmanager
    def _held(self, generation: int | None = None) -> Iterator[VectorIndex]:
        """The index as the catalog is now. Several threads may hold it; it does not change meanwhile."""
        with self._lock:
            index = self._current(generation)
            self._searching += 1
        try:
            yield index
        finally:
            with self._lock:
                self._searching -= 1
                self._lock.notify_all()

    def _ids_of(self, index: VectorIndex) -> Int64:
        """Those of an index that is held, ascending; sorted once, for there are many questions to one change."""
        ids = self._ids
        if ids is None:
            self._ids = ids = index.ids()
        return ids

    def _current(self, generation: int | None = None) -> VectorIndex:
        """The index at the catalog's generation, or at this one that was just read. To be called under the lock."""
        while self._index is None or self._is_behind(generation) or self._better_there(self._index):
            if self._searching:
                self._lock.wait()
            else:
                self._catch_up()
        return self._index

    def _is_behind(self, generation: int | None) -> bool:
        if generation is not None and generation <= self._generation:
            return False
        return self._catalog.generation() != self._generation

    def _catch_up(self) -> None:
        index = self._index
        if index is None or self._better_there(index):
            index = self._load()
        known = index.ids()
        rows = self._catalog.vectors_after(int(known[-1]) if len(known) else 0, self._dim)
        if rows.older != len(known):
            index.remove(np.setdiff1d(known, self._catalog.clip_ids(), assume_unique=True))
        self._take(index, rows)

    def _better_there(self, index: VectorIndex) -> bool:
        """Whether another process has written the kind of index that suits this many clips, since we last looked."""
        kind = kind_for(len(index))
        return kind != self._kind and any(file.kind == kind and file not in self._seen for file in self._files())

    def _take(self, index: VectorIndex, rows: VectorRows) -> None:
        index.add(rows.ids, rows.vectors)
        self._generation = rows.generation
        self._ids = self._sample = None

    def _load(self) -> VectorIndex:
        """The newest readable cache that is not from the catalog's future, else an empty index."""
        self._seen = self._files()
        generation = self._catalog.generation()  # read last: none of these is from its future then
        for file in self._seen:
            if file.generation <= generation:
                try:
                    return self._start(file.kind, self._read(file))
                except LibraryDamaged:
                    continue
        return self._start(EXACT, index_class(EXACT)(self._dim))

    def _start(self, kind: str, index: VectorIndex) -> VectorIndex:
        self._index, self._kind, self._generation, self._cached_rows = index, kind, -1, len(index)
        return index

    def _suited(self, index: VectorIndex) -> VectorIndex:
        """The same vectors in the kind of index that suits their number; from now on that is searched."""
        kind = kind_for(len(index))
        if kind != self._kind:
            ids = index.ids()
            suited: VectorIndex = index_class(kind)(self._dim)
            suited.add(ids, index.vectors(ids))
            self._index, self._kind = suited, kind
            return suited
        return index

    def _read(self, file: CacheFile) -> VectorIndex:
        index: VectorIndex = index_class(file.kind).load(file.path)
        if index.dim != self._dim:
            raise LibraryDamaged(f"{file.path} holds vectors of another size.", "It will be rebuilt.")
        return index

    def _files(self) -> list[CacheFile]:
        """The caches of this library, the newest first."""
        pattern = re.compile(rf"vectors-({'|'.join(INDEXES)})-{re.escape(self._identity)}-g(\d+)\.faiss")
        found = ((path, pattern.fullmatch(path.name)) for path in self._folder.glob("vectors-*.faiss"))
        files = [CacheFile(path, match[1], int(match[2])) for path, match in found if match]
        return sorted(files, key=lambda file: file.generation, reverse=True)

    def _write(self, index: VectorIndex) -> None:
        """Written beside and renamed; older ones go after the new one is in place."""
        old = list(self._folder.glob("vectors-*"))
        target = self._folder / f"vectors-{self._kind}-{self._identity}-g{self._generation}.faiss"
        partial = target.with_suffix(f".{os.getpid()}.part")
        index.save(partial)
        partial.replace(target)
        for path in old:
            if path != target:
                path.unlink(missing_ok=True)
        self._cached_rows = len(index)
