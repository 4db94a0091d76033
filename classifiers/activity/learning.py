"""Learning and measuring, whichever way: `frames` or `cnn-rnn`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from classifiers.activity import cnn_rnn, frames
from classifiers.activity.examples import Arch, Examples, Look, of_files
from classifiers.activity.fitting import Curve, Plan, Watch
from classifiers.activity.folds import group_folds
from classifiers.backbones import Backbone
from classifiers.metrics import classification_figures
from search import runtime
from search.contracts import Float32, Int64, UInt8

Figures: TypeAlias = dict[str, Any]
"""What `classification_figures` says, and `ece`, the calibration error."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is trained on the features of a backbone."""

    arch: Arch
    head: cnn_rnn.Head
    """Of `cnn-rnn`; `frames` has one only."""

    def features(self, windows: UInt8, backbone: Backbone, rng: np.random.Generator) -> Float32:
        """RGB uint8 `[N, T, S, S, 3]` to features `[N, V, D]` to learn from."""
        if self.arch == "frames":
            return frames.features_of_views(windows, backbone, rng)
        return cnn_rnn.features_of_frames(windows, backbone)

    def fit(self, examples: Examples, classes: int, plan: Plan, watch: Watch) -> tuple[Any, Curve]:
        runtime.keras().utils.set_random_seed(plan.seed)
        if self.arch == "frames":
            return frames.fit_head(examples, classes, plan, watch)
        return cnn_rnn.fit_head(self.head, examples, classes, plan, watch)

    def scores(self, head: Any, examples: Examples) -> Float32:
        """Probabilities of each example, `[N, C]`."""
        if self.arch == "frames":
            return frames.head_scores(head, examples)
        return cnn_rnn.head_scores(head, examples)

    def whole_network(self, backbone: Backbone, head: Any, look: Look) -> Any:
        """From pixels to probabilities, as one Keras model."""
        if self.arch == "frames":
            return frames.whole_network(backbone, head)
        return cnn_rnn.whole_network(backbone, head, look.window)


def measure(scores: Float32, truth: Int64, labels: Sequence[str]) -> Figures:
    """From probabilities `[N, C]` and classes `[N]`."""
    return classification_figures(scores, truth, labels)


def measure_files(scores: Float32, examples: Examples, labels: Sequence[str]) -> Figures:
    """The same of files, each the mean of its windows' `[N, C]`."""
    _, first, file = np.unique(examples.file, return_index=True, return_inverse=True)
    return measure(of_files(scores, file), examples.truth[first], labels)


def cross_validate(
    way: Way, examples: Examples, labels: Sequence[str], folds: int, plan: Plan, watch: Watch
) -> Figures:
    """Each file judged by a head that learnt from the other folds, groups whole. Raises what `group_folds` does."""
    fold = group_folds(examples.truth, examples.group, folds, plan.seed)
    scores = np.zeros((len(fold), len(labels)), np.float32)
    for k in range(folds):
        head, _ = way.fit(examples.where(fold != k), len(labels), plan, Watch(on_epoch=watch.on_epoch))
        scores[fold == k] = way.scores(head, examples.where(fold == k))
    return measure_files(scores, examples, labels)
