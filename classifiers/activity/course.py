"""The strong head for courses of frames: what is seen, how it changes and at what tempo, weighed by cross-validation.

Three descriptions of a course, each regressed on the classes by ridge regression whose strength is chosen on parts of
the training material that are held out in turn, groups whole; then weighed against each other by what each said of
those parts (stacked generalisation: Wolpert, Neural Networks 5, 1992). All of it is linear in the descriptions, so
that the network is these, one dense layer and a softmax. Nothing is left to chance or to a number of epochs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.activity.examples import Examples
from classifiers.activity.fitting import Curve
from classifiers.activity.folds import group_folds
from classifiers.activity.ridge import STRENGTHS, Ridge, fit_ridge, weigh
from classifiers.standardising import standardising
from search import runtime
from search.contracts import Float32
from search.errors import UsageError

LAGS = (1, 2, 4, 8)
"""Frames between the two that tempo compares."""
INNER_FOLDS = 5


def fit_course(examples: Examples, classes: int, seed: int) -> tuple[Any, Curve]:
    """Keras model: features `[B, T, D]` and a mask `[B, T]` to probabilities `[B, C]`; and its only figures."""
    keras = runtime.keras()
    describe = descriptions(examples.features.shape[1], examples.features[examples.mask])
    blocks = describe.predict([examples.features, examples.mask], verbose=0)
    kernel, bias = _fit_blocks(blocks, examples, classes, seed)
    scores = keras.layers.Dense(classes, "softmax", name="scores")
    network = keras.Model(describe.inputs, scores(keras.layers.Concatenate()(describe.outputs)), name="head")
    scores.set_weights([kernel, bias])
    right = network.predict([examples.features, examples.mask], verbose=0).argmax(axis=1) == examples.truth
    return network, [{"epoch": 1, "accuracy": float(right.mean())}]


def descriptions(frames: int, features: Float32) -> Any:
    """Keras model: features `[B, T, D]` and a mask `[B, T]` to three descriptions.

    `look` `[B, D]`: the mean; `change` `[B, D]`: the logarithm of the mean size of second differences; `tempo`
    `[B, 2K]`: mean and deviation over time of the logarithm of the cosine distance between frames, for K lags.
    """
    keras = runtime.keras()
    ops, layers = keras.ops, keras.layers
    given = keras.Input((frames, features.shape[-1]), name="features")
    mask = keras.Input((frames,), dtype="bool", name="mask")
    shown = ops.expand_dims(ops.cast(mask, "float32"), -1)
    x = standardising(features)(given)
    look = _mean(x, shown)
    first = _later(x, 1) - _earlier(x, 1)
    second = _later(first, 1) - _earlier(first, 1)
    change = ops.log(_mean(ops.absolute(second), _later(shown, 2)) + 0.02)
    direction = layers.UnitNormalization()(x)
    tempo: list[Any] = []
    for lag in (lag for lag in LAGS if lag < frames):
        likeness = ops.sum(_later(direction, lag) * _earlier(direction, lag), axis=-1, keepdims=True)
        distance = ops.log(1.001 - likeness)
        kept = _later(shown, lag)
        mean = _mean(distance, kept)
        spread = ops.sqrt(_mean(ops.square(distance - ops.expand_dims(mean, 1)), kept) + 1e-6)
        tempo += [mean, spread]
    return keras.Model([given, mask], [look, change, layers.Concatenate()(tempo)], name="descriptions")


def _mean(x: Any, shown: Any) -> Any:
    """Over time, of `[B, T, D]` where `shown` `[B, T, 1]` is 1; 0 of nothing."""
    ops = runtime.keras().ops
    return ops.sum(x * shown, axis=1) / ops.maximum(ops.sum(shown, axis=1), 1.0)


def _later(x: Any, lag: int) -> Any:
    return runtime.keras().layers.Cropping1D((lag, 0))(x)


def _earlier(x: Any, lag: int) -> Any:
    return runtime.keras().layers.Cropping1D((0, lag))(x)


def _fit_blocks(blocks: list[Float32], examples: Examples, classes: int, seed: int) -> tuple[Float32, Float32]:
    """The kernel and the bias of the dense layer over all blocks."""
    targets = np.eye(classes)[examples.truth]
    try:
        folds = group_folds(examples.truth, examples.group, min(INNER_FOLDS, len(set(examples.group.tolist()))), seed)
    except UsageError:  # too few files to part them again
        fits, weights = [fit_ridge(block, targets, 1.0) for block in blocks], np.ones(len(blocks))
    else:
        chosen = [_choose_strength(block, targets, folds) for block in blocks]
        weights = weigh([outputs for _, outputs in chosen], examples.truth)
        fits = [fit_ridge(block, targets, strength) for block, (strength, _) in zip(blocks, chosen, strict=True)]
    parts = [weight * fit.kernel for weight, fit in zip(weights, fits, strict=True)]
    bias = sum(weight * fit.bias for weight, fit in zip(weights, fits, strict=True))
    return np.concatenate(parts).astype(np.float32), np.asarray(bias, np.float32)


def _choose_strength(block: Float32, targets: NDArray[np.float64], folds: Any) -> tuple[float, NDArray[np.float64]]:
    """The strength whose outputs on folds left out are nearest to the targets, and those outputs `[N, C]`."""
    outputs = {strength: np.empty_like(targets) for strength in STRENGTHS}
    for fold in np.unique(folds):
        left_out = folds == fold
        ridge = Ridge(block[~left_out], targets[~left_out])
        for strength, found in outputs.items():
            found[left_out] = ridge.fit(strength)(block[left_out])
    best = min(outputs, key=lambda strength: float(np.square(outputs[strength] - targets).sum()))
    return best, outputs[best]
