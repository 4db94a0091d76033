"""What the towers are taught by. Pure functions of tensors; each gives one number, 0 where there is nothing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

NOTHING = -1e4
"""The logit of a pair that does not count."""


def apart(vectors: Tensor, targets: Tensor) -> Tensor:
    """1 - cosine of each vector to its target (float `[N, D]` both; targets of unit length), averaged."""
    return _mean(1 - (F.normalize(vectors, dim=1) * targets).sum(1))


def apart_each(guess: Tensor, targets: Tensor, widths: list[int]) -> Tensor:
    """`apart` of several teachers whose features stand side by side, averaged over the teachers."""
    pairs = zip(guess.split(widths, 1), targets.split(widths, 1), strict=True)
    return torch.stack([apart(one, target) for one, target in pairs]).mean()


def mil_nce(scores: Tensor, own: Tensor) -> Tensor:
    """MIL-NCE (arXiv 1912.06430, eq. 1), averaged, as `search/encoders/losses.py` has it.

    Scores `[P, S]` of pictures and sentences, and the bool mask `[P, S]` of each picture's own.
    """
    mine = scores.masked_fill(~own, NOTHING).logsumexp(1)
    by_sentence = scores.logsumexp(0)
    other = by_sentence[None].expand_as(own).masked_fill(~own, NOTHING).logsumexp(1)
    return _mean(torch.logaddexp(scores.logsumexp(1), other) - mine)


def alike(scores: Tensor, taught: Tensor) -> Tensor:
    """How far the choice among the columns is from the teachers' (KL divergence, averaged); logits `[P, S]` both."""
    return _mean(F.kl_div(scores.log_softmax(1), taught.log_softmax(1), log_target=True, reduction="none").sum(1))


def class_contrast(scores: Tensor, classes: Tensor, sets: Tensor) -> Tensor:
    """Cross-entropy of pictures against the class phrases of their own set of classes.

    Scores `[B, B]`: picture i and the phrase of picture j's class; `classes` and `sets` int `[B]`.
    """
    itself = torch.eye(len(classes), dtype=torch.bool, device=scores.device)
    same = (classes[:, None] == classes[None]) & ~itself
    void = same | (sets[:, None] != sets[None])
    return _mean(-scores.masked_fill(void, NOTHING).log_softmax(1).diagonal())


def two_way_contrast(scores: Tensor, same: Tensor) -> Tensor:
    """Cross-entropy both ways over scores `[B, B]`; bool `same` `[B, B]` marks other pairs that are no mistake."""
    scores = scores.masked_fill(same, NOTHING)
    return -_mean(scores.log_softmax(1).diagonal() + scores.log_softmax(0).diagonal()) / 2


def _mean(costs: Tensor) -> Tensor:
    return costs.sum() / max(len(costs), 1)
