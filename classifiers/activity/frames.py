"""`frames`: transfer learning on single frames, as in PyImageSearch's tutorial on video classification.

A frozen backbone, its features averaged over the picture, 512 units with ReLU, dropout of 0.5, softmax.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from classifiers.activity.examples import Examples
from classifiers.activity.fitting import Curve, OnEpoch, Plan, Watch, compile_network, fit_network
from classifiers.activity.views import random_view
from classifiers.backbones import Backbone
from classifiers.standardising import standardising
from search import runtime
from search.contracts import Float32, Int64, UInt8

VIEWS = 6
"""Of each training picture: itself and augmented ones, whose features are computed once."""


def build_head(dim: int, classes: int, features: Float32) -> Any:
    """Keras model: `[B, D]` to probabilities `[B, C]`; inputs are standardised as `features` `[N, D]` are spread."""
    keras = runtime.keras()
    layers = keras.layers
    given = keras.Input((dim,), name="features")
    x = standardising(features)(given)
    x = layers.Dense(512, "relu")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(given, layers.Dense(classes, "softmax", name="scores")(x), name="head")


def fit_head(examples: Examples, classes: int, plan: Plan, watch: Watch) -> tuple[Any, Curve]:
    """Learns from every view of every example."""
    shown = examples.mask
    features = examples.features[shown]
    truth = np.repeat(examples.truth, shown.sum(axis=1))
    head = build_head(features.shape[1], classes, features)
    validation = watch.examples and (first_views(watch.examples), watch.examples.truth)
    return head, fit_network(head, features, truth, plan, validation, watch.on_epoch)


def head_scores(head: Any, examples: Examples) -> Float32:
    """Probabilities `[N, C]` of the plain view of each."""
    scores: Float32 = head.predict(first_views(examples), verbose=0)
    return scores


def first_views(examples: Examples) -> Float32:
    plain: Float32 = examples.features[:, 0]
    return plain


def features_of_views(windows: UInt8, backbone: Backbone, rng: np.random.Generator | None) -> Float32:
    """RGB uint8 `[N, 1, S, S, 3]` to features `[N, V, D]`: of each alone, or with `rng` of augmented ones too."""
    views = [windows[:, 0]]
    if rng is not None:
        views += [np.stack([random_view(picture, rng) for picture in windows[:, 0]]) for _ in range(VIEWS - 1)]
    features = backbone.features(np.concatenate(views))
    return np.ascontiguousarray(features.reshape(len(views), len(windows), -1).swapaxes(0, 1))


def whole_network(backbone: Backbone, head: Any) -> Any:
    """Keras model: float32 RGB `[B, S, S, 3]` in 0..255 to probabilities `[B, C]`."""
    keras = runtime.keras()
    pictures = keras.Input((backbone.size, backbone.size, 3), name="pictures")
    return keras.Model(pictures, head(backbone.network(pictures)), name="frames")


def fine_tune(
    network: Any, backbone: Backbone, windows: UInt8, truth: Int64, plan: Plan, watch: OnEpoch | None
) -> Curve:
    """Goes on with the whole network, its backbone thawed, at a hundredth of the rate; new views every epoch.

    `windows` are the pictures learnt from, RGB uint8 `[N, 1, S, S, 3]`.
    """
    rng = np.random.default_rng(plan.seed)
    backbone.network.trainable = True
    compile_network(network, runtime.keras().optimizers.Adam(plan.rate / 100))
    curve: Curve = []
    for epoch in range(plan.epochs):
        views = np.stack([random_view(picture, rng) for picture in windows[:, 0]])
        told = network.fit(views, truth, plan.batch, verbose=0).history
        curve.append({"epoch": epoch + 1, **{name: float(values[0]) for name, values in told.items()}})
        if watch:
            watch(epoch + 1, plan.epochs)
    return curve
