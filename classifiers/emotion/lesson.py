"""How each network is taught: its recipe, the compiled model that learns, and what that is to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from classifiers.emotion import networks
from classifiers.emotion.augment import Variation
from classifiers.emotion.labels import LABELS
from classifiers.emotion.votes import EXPRESSIONS
from search import runtime
from search.contracts import Float32, Int64


@dataclass(frozen=True, slots=True)
class Recipe:
    """What suits a network."""

    optimizer: str
    rate: float
    """Its highest learning rate."""
    decay: float
    """Of weights: the share of them that a step takes away, in learning rates (arXiv 1711.05101)."""
    smoothing: float
    """Of labels, 0..1 (arXiv 1512.00567)."""
    average: float
    """How much of averaged weights a step keeps."""
    variation: Variation
    batch: int = 128
    warm_up: int = 400
    """Steps until the rate is at its highest."""
    votes: float = 0.7
    """How much a vote's loss counts against a label's, where there are votes."""


RECIPES = {
    "residual": Recipe("sgd", rate=0.1, decay=5e-3, smoothing=0.05, average=0.998, variation=Variation()),
    "cookbook": Recipe(
        "adam",
        rate=1e-3,
        decay=0.0,
        smoothing=0.0,
        average=0.99,
        warm_up=1,
        variation=Variation(degrees=10, scale=0.1, shift=0.0, light=0.0, erased=0.0),
    ),
}


def build_pupil(arch: str, recipe: Recipe, with_votes: bool) -> tuple[Any, Any]:
    """The network, and the compiled model that trains it: logits, and of votes too, from one trunk."""
    keras = runtime.keras()
    before = keras.config.dtype_policy()
    # Half the work on processors with bfloat16; the weights stay float32.
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = networks.build(arch)
    outputs = [network.output]
    if with_votes:
        trunk = network.layers[-2].output
        outputs.append(keras.layers.Dense(len(EXPRESSIONS), dtype="float32", name="votes")(trunk))
    keras.config.set_dtype_policy(before)
    pupil = keras.Model(network.input, outputs)
    pupil.compile(
        _optimizer(recipe),
        loss=[
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing),
            keras.losses.CategoricalCrossentropy(from_logits=True),
        ][: len(outputs)],
        loss_weights=[1.0, recipe.votes][: len(outputs)],
        jit_compile=False,
    )
    pupil.optimizer.build(pupil.trainable_variables)
    return network, pupil


def _optimizer(recipe: Recipe) -> Any:
    keras = runtime.keras()
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(recipe.rate)
    optimizer = keras.optimizers.SGD(recipe.rate, momentum=0.9, nesterov=True, weight_decay=recipe.decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def targets(labels: Int64, votes: Float32 | None) -> list[Float32]:
    """Of each output of the pupil: one-hot `[N, 6]`, and votes `[N, 8]` where there are any."""
    hot = np.eye(len(LABELS), dtype=np.float32)[labels]
    return [hot] if votes is None else [hot, votes]
