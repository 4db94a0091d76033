"""Which group each new appearance comes into: an old one that looks like it, or a new one (pure)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.grouping.clustering import BLOCK, Clusters, agglomerate, concatenated, numbered, singles
from search.catalog.appearances import Features
from search.contracts import Float32, Int64

Lot = tuple[int | None, list[int]]
"""A group, or None for a new one, and the appearances that come into it."""


def join_groups(features: Features, threshold: float) -> list[Lot]:
    """What becomes of the appearances without a group; those that have one stay where they are.

    At first the new ones of each film are clustered. A cluster then joins the group of the look it is most similar
    to, if the mean cosine is `threshold` or more; what is left is clustered across films and makes new groups.
    """
    new = features.groups == 0
    if not new.any():
        return []
    labels = _within_films(features.vectors[new], features.videos[new], threshold)
    found = singles(features.vectors[new]).joined(labels)
    owners = _old_groups(found, features, threshold)
    homeless = np.flatnonzero(owners == 0)
    fresh = agglomerate(found.chosen(homeless), threshold)
    owners[homeless] = -1 - fresh
    ids, homes = features.ids[new], owners[labels]
    return [(int(home) if home > 0 else None, ids[homes == home].tolist()) for home in np.unique(homes)]


def _within_films(vectors: Float32, videos: Int64, threshold: float) -> Int64:
    """Labels 0, 1, 2 …; no cluster is of two films."""
    labels = np.zeros(len(videos), np.int64)
    count = 0
    for video in np.unique(videos):
        rows = np.flatnonzero(videos == video)
        labels[rows] = count + agglomerate(singles(vectors[rows]), threshold)
        count = int(labels[rows].max()) + 1
    return numbered(labels)


def _old_groups(found: Clusters, features: Features, threshold: float) -> Int64:
    """For each cluster the group that it joins; 0 where none looks like it."""
    looks = list(_looks(features, threshold))
    if not looks:
        return np.zeros(len(found), np.int64)
    groups = np.concatenate([np.full(len(clusters), group) for group, clusters in looks])
    known = concatenated([clusters for _, clusters in looks])
    joined = np.zeros(len(found), np.int64)
    for at in range(0, len(found), BLOCK):
        similar = found.chosen(slice(at, at + BLOCK)).similarities(known)
        near = similar.max(axis=1) >= threshold
        joined[at : at + BLOCK] = np.where(near, groups[similar.argmax(axis=1)], 0)
    return joined


def _looks(features: Features, threshold: float) -> Iterator[tuple[int, Clusters]]:
    """The looks of each group: one that a person has merged may have several that are not alike."""
    for group in np.unique(features.groups[features.groups > 0]):
        members = singles(features.vectors[features.groups == group])
        yield int(group), members.joined(agglomerate(members, threshold))
