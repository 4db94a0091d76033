"""The heads: from what a backbone says of a frame to who is there, each character by itself."""

from __future__ import annotations

from typing import Any

from classifiers.characters.features import View, parts_view
from classifiers.standardising import standardising
from search import runtime
from search.contracts import Float32

OURS, DEEP, TUTORIAL = "ours", "deep", "tutorial"
HEADS = OURS, DEEP, TUTORIAL
UNITS = 128
"""Of the hidden layer of `deep`."""
LAST = "characters"
"""The name of the dense layer that ends in one number a character."""
FLOOR = 0.1
"""Few labels are the rule, and what is rare among them may be chance."""


def view_of(head: str, backbone: str) -> View:
    """How frames are looked at for a head: whole for `tutorial`, in parts for the others."""
    return "whole" if head == TUTORIAL else parts_view(backbone)


def build_head(head: str, features: Float32, characters: int) -> Any:
    """Keras model: features float32 `[B, K, D]` to scores `[B, C]`, 0..1; scaled for `features` `[N, K, D]`.

    `ours` scores every part of the frame and takes the mean of the strongest and of all of them: multiple-instance
    learning (Ilse et al., arXiv 1802.04712, compare its poolings), as a label speaks of a frame and not of the place
    in it. `deep` is the same with a hidden layer before the scores: better where there are thousands of labels.
    `tutorial` is the dense 1024, 512, 256 of the screen-time tutorial with dropout of a half; its softmax over who is
    alone there became a sigmoid for each.
    """
    layers = runtime.keras().layers
    given = runtime.keras().Input(features.shape[1:], name="features")
    x = standardising(features, FLOOR)(given)
    if head == TUTORIAL:
        x = layers.Flatten()(x)
        for units in (1024, 512, 256):
            x = layers.Dropout(0.5)(layers.Dense(units, "relu")(x))
        logits = layers.Dense(characters, name=LAST)(x)
    else:
        if head == DEEP:
            x = layers.Dense(UNITS, "relu")(layers.Dropout(0.3)(x))
        parts = layers.Dense(characters, name=LAST)(layers.Dropout(0.5)(x))
        logits = layers.Average()([layers.GlobalMaxPooling1D()(parts), layers.GlobalAveragePooling1D()(parts)])
    return runtime.keras().Model(given, layers.Activation("sigmoid", name="scores")(logits), name=f"{head}_head")


def shift(network: Any, logits: Float32) -> None:
    """Adds a number `[C]` to each character's logit; either head's pooling lets it pass."""
    last = network.get_layer(LAST)
    kernel, bias = last.get_weights()
    last.set_weights([kernel, bias + logits])
