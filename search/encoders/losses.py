"""The losses that tie clips, sentences and what teachers say of them together."""

from __future__ import annotations

from typing import Any

from search import runtime


def mil_nce(video: Any, text: Any, positives: Any) -> Any:
    """MIL-NCE of arXiv 1912.06430, eq. 1, on dot products.

    `video` is float `[V, D]`, `text` float `[S, D]`, `positives` bool or 0/1 `[V, S]`: which sentences speak of
    which clip. A clip may have several; together they stand against every other pairing of the clip with a sentence
    and of its sentences with another clip. As in the authors' code, the denominator counts the matching pairs twice:
    the least loss is log 2. Returns float `[V]`; a clip without a sentence costs nothing.
    """
    ops = runtime.keras().ops
    scores = ops.matmul(video, ops.transpose(text))
    hit = ops.cast(positives, scores.dtype)
    nothing = (1.0 - hit) * -1e9
    own = ops.logsumexp(scores * hit + nothing, axis=1)
    by_sentence = ops.logsumexp(scores, axis=0)
    other = ops.logsumexp(by_sentence[None, :] * hit + nothing, axis=1)
    losses = ops.logaddexp(ops.logsumexp(scores, axis=1), other) - own
    return ops.where(ops.max(hit, axis=1) > 0, losses, 0.0)


def distance(vectors: Any, targets: Any) -> Any:
    """1 - cosine of each vector to its target, float `[N, D]` both, to `[N]`; a target of zeros costs nothing."""
    ops = runtime.keras().ops
    known = ops.cast(ops.max(ops.abs(targets), axis=1) > 0, vectors.dtype)
    return known * (1.0 - ops.sum(ops.normalize(vectors) * ops.normalize(targets), axis=1))
