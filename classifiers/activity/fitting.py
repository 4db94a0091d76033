"""The one way in which Keras networks of activities are trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from classifiers.activity.examples import Examples
from search import runtime
from search.contracts import Int64

Curve = list[dict[str, float]]
"""An entry an epoch: `epoch`, `loss`, `accuracy`, and `val_loss`, `val_accuracy` where something is held out."""
OnEpoch = Callable[[int, int], None]
"""Called with the epochs that are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    epochs: int
    seed: int = 0
    batch: int = 32
    rate: float = 1e-3


@dataclass(frozen=True, slots=True)
class Watch:
    """What is measured after each epoch, and who is told; nothing is decided by it."""

    examples: Examples | None = None
    on_epoch: OnEpoch | None = None


def fit_network(
    network: Any, inputs: Any, truth: Int64, plan: Plan, validation: Any = None, on_epoch: OnEpoch | None = None
) -> Curve:
    """Trains with Adam on cross-entropy, the rate falling to zero along a cosine."""
    keras = runtime.keras()
    steps = plan.epochs * -(-len(truth) // plan.batch)
    compile_network(network, keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(plan.rate, steps)))
    said = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, _: on_epoch(epoch + 1, plan.epochs) if on_epoch else None
    )
    told = network.fit(
        inputs, truth, plan.batch, plan.epochs, verbose=0, validation_data=validation, callbacks=[said]
    )
    columns = told.history.items()
    return [
        {"epoch": epoch + 1, **{name: float(values[epoch]) for name, values in columns}}
        for epoch in range(plan.epochs)
    ]


def compile_network(network: Any, optimizer: Any) -> None:
    network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
