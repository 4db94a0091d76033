"""Agglomerative clustering with average linkage, without a matrix of distances (pure).

Vectors are of length 1, so that the mean similarity of all pairs of two clusters is the dot product of their sums
over the product of their sizes: a cluster is known by its sum and its size alone. Clusters are found by the chain of
nearest neighbours (Murtagh, 1983): time grows with the square of the number of vectors, memory with the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.contracts import Float32, Int64

BLOCK = 512
"""Clusters that are compared with all others at once."""
ROUNDING = 1e-5
"""What a similarity may lose when it is summed in another order."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """N clusters of vectors of length 1."""

    sums: Float32
    """`[N, D]`"""
    sizes: Float32
    """How many vectors each holds, `[N]`."""

    def __len__(self) -> int:
        return len(self.sizes)

    def similarities(self, others: Clusters) -> Float32:
        """The mean cosine between each cluster and each of the others, `[N, M]`."""
        shares: Float32 = (self.sums @ others.sums.T) / np.outer(self.sizes, others.sizes)
        return shares

    def chosen(self, rows: Int64 | slice) -> Clusters:
        """Some of them."""
        return Clusters(self.sums[rows], self.sizes[rows])

    def joined(self, labels: Int64) -> Clusters:
        """Those with equal labels, which are 0, 1, 2 …, as one."""
        count = int(labels.max(initial=-1)) + 1
        sums, sizes = np.zeros((count, self.sums.shape[1]), np.float32), np.zeros(count, np.float32)
        np.add.at(sums, labels, self.sums)
        np.add.at(sizes, labels, self.sizes)
        return Clusters(sums, sizes)


def singles(vectors: Float32) -> Clusters:
    """Each vector `[N, D]`, of length 1, as a cluster of its own."""
    return Clusters(vectors.astype(np.float32), np.ones(len(vectors), np.float32))


def concatenated(parts: Sequence[Clusters]) -> Clusters:
    """All of them, one after the other; at least one part."""
    return Clusters(np.concatenate([part.sums for part in parts]), np.concatenate([part.sizes for part in parts]))


def agglomerate(clusters: Clusters, threshold: float) -> Int64:
    """Joins the two most similar clusters as long as the mean cosine between them is `threshold` or more.

    Labels `[N]`, 0, 1, 2 … in the order of the first cluster of each.
    """
    # A mean of similarities is nowhere above the highest of them: no cluster grows beyond what is linked by pairs.
    linked = _linked(clusters, threshold)
    labels = np.zeros(len(clusters), np.int64)
    order = np.argsort(linked, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(linked[order])) + 1):
        labels[rows] = rows[_chain(clusters.chosen(rows), threshold)] if len(rows) > 1 else rows
    return numbered(labels)


def _linked(clusters: Clusters, threshold: float) -> Int64:
    """Equal labels for all that a chain of pairs with that similarity, or more, leads to."""
    parents = np.arange(len(clusters))
    for at in range(0, len(clusters), BLOCK):
        block = clusters.chosen(slice(at, at + BLOCK))
        rows, columns = np.nonzero(block.similarities(clusters.chosen(slice(at, None))) >= threshold - ROUNDING)
        pairs = np.unique(np.stack([parents[rows + at], parents[columns + at]], axis=1), axis=0)
        for one, other in pairs[pairs[:, 0] != pairs[:, 1]].tolist():
            lower, upper = sorted((_root(parents, one), _root(parents, other)))
            parents[upper] = lower
        while (parents[parents] != parents).any():
            parents = parents[parents]
    return parents


def _root(parents: Int64, label: int) -> int:
    while parents[label] != label:
        label = int(parents[label])
    return label


def _chain(clusters: Clusters, threshold: float) -> Int64:
    """For each cluster the number of the one that it has come to."""
    sums, sizes = clusters.sums.copy(), clusters.sizes.copy()
    owners = np.arange(len(sizes))
    open_ones = np.ones(len(sizes), bool)
    chain: list[int] = []
    while open_ones.any():
        if not chain:
            chain.append(int(np.argmax(open_ones)))
        top = chain[-1]
        similar = np.where(open_ones, (sums @ sums[top]) / (sizes * sizes[top]), -np.inf)
        similar[top] = -np.inf
        nearest = int(np.argmax(similar))
        if similar[nearest] < threshold:
            open_ones[top] = False  # nothing that comes later can be more similar: average linkage is reducible
            chain.pop()
        elif len(chain) > 1 and similar[chain[-2]] >= similar[nearest]:
            other = chain[-2]
            del chain[-2:]
            sums[other] += sums[top]
            sizes[other] += sizes[top]
            owners[owners == top] = other
            open_ones[top] = False
        else:
            chain.append(nearest)
    return owners


def numbered(labels: Int64) -> Int64:
    """The same labels as 0, 1, 2 … in the order in which they come."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[inverse].astype(np.int64)
