"""Quick search of a large library: all vectors are compared in four bits a number, the best of them exactly.

The numbers of all vectors are kept twice: exactly, and as one of 16 values that were learned for each place of a
vector (a product quantiser with a place to itself in every part). What the query makes of those values fits into
registers, so that all vectors are scanned at once at the speed of memory: André, Kermarrec and Le Scouarnec, "Quicker
ADC: unlocking the hidden potential of product quantization with SIMD", IEEE TPAMI 43 (5), 2021. Scores and order of
the results are exact; what may be missed is a vector that the scan puts behind several times as many others as were
asked for. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from search.contracts import Float32, Int64
from search.vectors.flat import FAISS, Flat16Index, FlatIndex

WIDER, FEWEST = 4, 400
"""How many times more vectors are compared exactly than are asked for, and how many at least."""
LEARNED_FROM = 2048
"""Vectors that the values are learned from: 128 for each of the 16."""
BITS = 4


class FastScanIndex(FlatIndex):
    """FAISS `IndexIDMap2` of `IndexRefine`: rows are scanned in 4 bits a number and compared again in float16."""

    @staticmethod
    def _storage(dim: int) -> Any:
        return faiss.IndexRefine(_untrained_scan(dim), Flat16Index._storage(dim))

    @property
    def _scan(self) -> Any:
        return faiss.downcast_index(self._stored.base_index)

    @property
    def _exact(self) -> Any:
        return faiss.downcast_index(self._stored.refine_index)

    def add(self, ids: Int64, vectors: Float32) -> None:
        if not len(ids):
            return
        if len(self) < LEARNED_FROM:  # what was learned from so few is learned again
            ids, vectors = np.append(self._held, ids), np.concatenate([self.vectors(self._held), vectors])
            self._index = faiss.IndexIDMap2(self._storage(self.dim))
            self._index.train(_spread(vectors))
        super().add(ids, vectors)

    def remove(self, ids: Int64) -> None:
        """Rows close up, so the scan is told the new row of each vector that stays."""
        gone = np.isin(self._held, ids)
        if not gone.any():
            return
        left = self._held[~gone]
        selected = faiss.IDSelectorBatch(np.flatnonzero(gone))
        self._scan.remove_ids(selected)
        self._exact.remove_ids(selected)
        rows = faiss.rev_swig_ptr(self._scan.invlists.get_ids(0), len(left))
        rows[:] = (np.cumsum(~gone) - 1)[rows]
        faiss.copy_array_to_vector(left, self._index.id_map)
        self._index.ntotal = self._index.index.ntotal = len(left)
        self._index.construct_rev_map()

    def _nearest(self, query: Float32, k: int, matches: int, selector: Any) -> tuple[Float32, Int64]:
        compared = max(WIDER * k, FEWEST)
        if compared >= matches:
            stored, how = self._exact, FAISS.SearchParameters(sel=selector)
        else:
            within = FAISS.SearchParametersIVF(sel=selector)
            how = FAISS.IndexRefineSearchParameters(k_factor=compared / k, base_index_params=within)
            stored = self._stored
        found: tuple[Float32, Int64] = stored.search(query, k, params=how)
        return found

    @staticmethod
    def _kinds(index: Any) -> tuple[type, ...]:
        kinds, stored = FlatIndex._kinds(index), faiss.downcast_index(index.index)
        if not isinstance(stored, faiss.IndexRefine):
            return kinds
        parts = [faiss.downcast_index(part) for part in (stored.base_index, stored.refine_index)]
        return *kinds, *(type(part) for part in parts)


def _untrained_scan(dim: int) -> Any:
    """All vectors lie in one list of an inverted file, which, other than a plain index, takes a selector."""
    scan = FAISS.IndexIVFPQFastScan(faiss.IndexFlatIP(dim), dim, 1, dim, BITS, faiss.METRIC_INNER_PRODUCT)
    scan.by_residual = False
    for learning in (scan.cp, scan.pq.cp):
        learning.min_points_per_centroid = 1  # or FAISS warns on stderr
        learning.niter = 10
    return scan


def _spread(vectors: Float32) -> Float32:
    """Vectors to learn from, evenly out of these `[N, dim]`; at least one for each value."""
    count = min(LEARNED_FROM, max(len(vectors), 1 << BITS))
    rows = np.linspace(0, len(vectors) - 1, count).astype(np.int64)
    return np.ascontiguousarray(vectors[rows], np.float32)
