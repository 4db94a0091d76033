"""The recipe of a video: everything that decides its rows, part by part.

A recipe is written `clips:0123456789abcdef` with one such word for each further part (a classifier), so that a
changed part makes only itself stale: a new classifier does not encode again.
"""

from __future__ import annotations

import hashlib

from indexer.clips import ClipPlan
from search.contracts import EncoderSpec

CUT = 1
"""Raised when the code that decodes or cuts clips gives other clips than before."""


def clips_recipe(encoder: EncoderSpec, plan: ClipPlan) -> str:
    """The part that decides clips and vectors: the encoder's fingerprint and how films are cut."""
    decides = (CUT, encoder.fingerprint, plan.frames, plan.fps, plan.size, plan.overlap, plan.fit)
    return f"clips:{hashlib.sha256(repr(decides).encode()).hexdigest()[:16]}"


def stale_parts(stored: str, wanted: str) -> set[str]:
    """The names of the parts of `wanted` that `stored` lacks or has in another version."""
    return {part.partition(":")[0] for part in set(wanted.split()) - set(stored.split())}
