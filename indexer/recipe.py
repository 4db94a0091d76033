"""The recipe of a video: everything that decides its rows, part by part.

A recipe is written `clips:0123456789abcdef shots:… emotion:…`, a word for the clips, one for the cuts and one for
each kind of track, so that a changed part makes only itself stale: a new classifier does not encode again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from classifiers.contracts import ClassifierSpec
from indexer.decoding.clips import ClipPlan
from indexer.decoding.shots import FOUND
from search.contracts import EncoderSpec

CLIPS, SHOTS = "clips", "shots"
CUT = 1
"""Raised when the code that decodes or cuts clips gives other clips than before."""
SEEN = 1
"""Raised when the code that takes frames for classifiers gives others than before."""


def recipe_of(encoder: EncoderSpec, plan: ClipPlan, classifiers: Iterable[ClassifierSpec] = ()) -> str:
    """The whole recipe: how films are cut and encoded, and what each classifier is and looks at."""
    cut: tuple[object, ...] = (CUT, encoder.fingerprint, plan.frames, plan.fps, plan.size, plan.overlap, plan.fit)
    if plan.shots:
        cut = (*cut, SHOTS, FOUND)
    tracks = {spec.kind: (SEEN, spec.fingerprint, spec.labels, spec.needs) for spec in classifiers}
    parts = {CLIPS: cut, SHOTS: (FOUND,)} | tracks
    return " ".join(f"{name}:{_digest(decides)}" for name, decides in parts.items())


def stale_parts(stored: str, wanted: str) -> set[str]:
    """The names of the parts of `wanted` that `stored` lacks or has in another version."""
    return {_name(part) for part in set(wanted.split()) - set(stored.split())}


def with_parts(stored: str, wanted: str, made: Collection[str]) -> str:
    """The recipe of a video after the parts `made` were made as `wanted` says."""
    fresh = [part for part in wanted.split() if _name(part) in made]
    return " ".join([without_parts(stored, made), *fresh])


def without_parts(stored: str, dropped: Collection[str]) -> str:
    """The recipe of a video after these parts were dropped."""
    return " ".join(part for part in stored.split() if _name(part) not in dropped)


def _name(part: str) -> str:
    return part.partition(":")[0]


def _digest(decides: object) -> str:
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:16]
