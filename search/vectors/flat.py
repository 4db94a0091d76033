"""Exact search: every vector is compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32, Int64
from search.errors import LibraryDamaged

FAISS: Any = faiss
"""Its stubs do not know what its Python wrappers take."""


class FlatIndex:
    """FAISS `IndexIDMap2` over all vectors in float32; a vector's *row* is its place among them."""

    def __init__(self, dim: int) -> None:
        self._index: Any = faiss.IndexIDMap2(self._storage(dim))

    @staticmethod
    def _storage(dim: int) -> Any:
        return faiss.IndexFlatIP(dim)

    @property
    def _stored(self) -> Any:
        return faiss.downcast_index(self._index.index)

    @property
    def _held(self) -> Int64:
        """The id of each row, as FAISS has it: not copied, so of use until something is added or removed."""
        if not len(self):
            return np.empty(0, np.int64)
        held: Int64 = faiss.rev_swig_ptr(self._index.id_map.data(), len(self))
        return held

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Int64:
        return np.sort(self._held)

    def add(self, ids: Int64, vectors: Float32) -> None:
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))

    def remove(self, ids: Int64) -> None:
        if len(ids):
            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(ids, np.int64)))

    def vectors(self, ids: Int64) -> Float32:
        """The vectors held under these ids, `[N, dim]`."""
        if not len(ids):
            return np.empty((0, self.dim), np.float32)
        found: Float32 = self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64))
        return found

    def search(self, query: Float32, k: int, allowed: Int64 | None = None) -> tuple[Int64, Float32]:
        held = self._held
        chosen = None if allowed is None else _rows_of(held, allowed)
        matches = len(held) if chosen is None else int(np.count_nonzero(chosen))
        if matches == 0 or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # One bit a row: a look at it costs the same for any filter.
        bits = None if chosen is None or matches == len(held) else np.packbits(chosen, bitorder="little")
        selector = None if bits is None else FAISS.IDSelectorBitmap(bits)
        faiss.omp_set_num_threads(1)  # of this thread: one question is one thread's work, others would spin
        one = np.ascontiguousarray(query, np.float32)[None]
        scores, rows = self._nearest(one, min(k, matches), matches, selector)
        found = rows[0] >= 0
        return held[rows[0][found]], scores[0][found]

    def _nearest(self, query: Float32, k: int, _matches: int, selector: Any) -> tuple[Float32, Int64]:
        """Scores and rows `[1, K]`, best first, of a query `[1, dim]` among the rows selected."""
        found: tuple[Float32, Int64] = self._stored.search(query, k, params=FAISS.SearchParameters(sel=selector))
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises LibraryDamaged when the file is no such index."""
        index = cls(1)
        try:
            loaded: Any = faiss.read_index(str(path))
            if index._kinds(loaded) != index._kinds(index._index):
                raise RuntimeError("another kind of index")
        except RuntimeError as error:
            raise LibraryDamaged(f"{path} is no {cls.__name__} ({error}).", "It will be rebuilt.") from error
        index._index = loaded
        return index

    @staticmethod
    def _kinds(index: Any) -> tuple[type, ...]:
        return type(index), type(faiss.downcast_index(index.index))


def _rows_of(held: Int64, allowed: Int64) -> NDArray[np.bool_]:
    """For each row whether its id is allowed."""
    chosen = np.zeros(int(held.max(initial=0)) + 1, bool)
    chosen[allowed[allowed < len(chosen)]] = True
    return chosen[held]


class Flat16Index(FlatIndex):
    """The same with vectors kept in float16, as the catalog keeps them: half the memory, nothing lost."""

    @staticmethod
    def _storage(dim: int) -> Any:
        return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
