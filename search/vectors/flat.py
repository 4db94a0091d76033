"""Exact search: every vector is compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from search.contracts import Float32, Int64
from search.errors import LibraryDamaged

_FAISS: Any = faiss
"""Its stubs do not know what its Python wrappers take."""


class FlatIndex:
    """FAISS `IndexIDMap2` over all vectors in float32."""

    def __init__(self, dim: int) -> None:
        self._index: Any = faiss.IndexIDMap2(self._storage(dim))

    @staticmethod
    def _storage(dim: int) -> Any:
        return faiss.IndexFlatIP(dim)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Int64:
        return np.sort(faiss.vector_to_array(self._index.id_map))

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
        matches = len(self) if allowed is None else min(len(self), len(allowed))
        if matches == 0 or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None if allowed is None else _FAISS.SearchParameters(sel=self._selector(allowed))
        faiss.omp_set_num_threads(1)  # of this thread: one question is one thread's work, others would spin
        scores, ids = self._index.search(
            np.ascontiguousarray(query, np.float32)[None], min(k, matches), params=parameters
        )
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def _selector(self, allowed: Int64) -> Any:
        """One bit for each id up to the largest held: a look at it costs the same for any filter."""
        held = faiss.vector_to_array(self._index.id_map)
        chosen = np.zeros(int(held.max()) + 1, bool)
        chosen[allowed[allowed < len(chosen)]] = True
        return _FAISS.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises LibraryDamaged when the file is no such index."""
        index = cls(1)
        try:
            loaded: Any = faiss.read_index(str(path))
            if _kinds(loaded) != _kinds(index._index):
                raise RuntimeError("another kind of index")
        except RuntimeError as error:
            raise LibraryDamaged(f"{path} is no {cls.__name__} ({error}).", "It will be rebuilt.") from error
        index._index = loaded
        return index


def _kinds(index: Any) -> tuple[type, type]:
    return type(index), type(faiss.downcast_index(index.index))


class Flat16Index(FlatIndex):
    """The same with vectors kept in float16, as the catalog keeps them: half the memory, nothing lost."""

    @staticmethod
    def _storage(dim: int) -> Any:
        return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
