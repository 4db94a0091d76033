"""`cnn-rnn`: a course of at most 20 frames, judged by the features of each.

The head `gru` is that of Keras' example "Video Classification with a CNN-RNN Architecture": two recurrent layers of
16 and 8 units over the frames that a mask lets through. The head `strong` is `course.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from classifiers.activity import course
from classifiers.activity.examples import Examples
from classifiers.activity.fitting import Curve, Plan, Watch, fit_network
from classifiers.backbones import Backbone
from classifiers.standardising import standardising
from search import runtime
from search.contracts import Float32, UInt8

Head = Literal["strong", "gru"]


def build_gru(frames: int, classes: int, features: Float32) -> Any:
    """Keras model: features `[B, T, D]` and a mask `[B, T]` to probabilities `[B, C]`."""
    keras = runtime.keras()
    layers = keras.layers
    given = keras.Input((frames, features.shape[-1]), name="features")
    mask = keras.Input((frames,), dtype="bool", name="mask")
    x = layers.GRU(16, return_sequences=True)(standardising(features)(given), mask=mask)
    x = layers.GRU(8)(x, mask=mask)
    x = layers.Dropout(0.4)(x)
    x = layers.Dense(8, "relu")(x)
    return keras.Model([given, mask], layers.Dense(classes, "softmax", name="scores")(x), name="head")


def fit_head(head: Head, examples: Examples, classes: int, plan: Plan, watch: Watch) -> tuple[Any, Curve]:
    """Learns from whole courses. `strong` takes no epochs: its curve is one entry."""
    if head == "strong":
        return course.fit_course(examples, classes, plan.seed)
    network = build_gru(examples.features.shape[1], classes, examples.features[examples.mask])
    validation = watch.examples and (_inputs(watch.examples), watch.examples.truth)
    return network, fit_network(network, _inputs(examples), examples.truth, plan, validation, watch.on_epoch)


def head_scores(head: Any, examples: Examples) -> Float32:
    """Probabilities `[N, C]`."""
    scores: Float32 = head.predict(_inputs(examples), verbose=0)
    return scores


def features_of_frames(windows: UInt8, backbone: Backbone) -> Float32:
    """RGB uint8 `[N, T, S, S, 3]` to features `[N, T, D]`."""
    features = backbone.features(windows.reshape(-1, *windows.shape[2:]))
    return features.reshape(*windows.shape[:2], -1)


def whole_network(backbone: Backbone, head: Any, frames: int) -> Any:
    """Keras model: float32 RGB `[B, T, S, S, 3]` in 0..255 and a mask `[B, T]` to probabilities `[B, C]`."""
    keras = runtime.keras()
    given = keras.Input((frames, backbone.size, backbone.size, 3), name="frames")
    mask = keras.Input((frames,), dtype="bool", name="mask")
    features = keras.layers.TimeDistributed(backbone.network, name="backbone")(given)
    return keras.Model([given, mask], head([features, mask]), name="cnn_rnn")


def _inputs(examples: Examples) -> list[Any]:
    return [examples.features, examples.mask]
