"""Training a head: features in, the weights that did best on frames held out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.characters.networks import OURS, build_head
from classifiers.training import checkpoint
from search import runtime
from search.contracts import Float32
from search.errors import UsageError

Entry = dict[str, float]
"""epoch, seconds, loss, validation_loss."""
HEAVIEST = 4.0
"""The most by which the frames of a rare character count more than those without it."""
BATCH = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides a training."""

    backbone: str = "vgg16"
    head: str = OURS
    epochs: int = 40
    views: int = 4
    """Copies of each frame that are learnt from: itself, and changed ones."""
    rate: float = 2e-3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Examples:
    features: Float32
    """`[N, K, D]`."""
    there: Float32
    """`[N, C]`: 1, 0, or NaN for what is not known."""


class Trainer:
    """A head on its way; AdamW (arXiv 1711.05101), the rate falling to zero along a cosine."""

    def __init__(self, plan: Plan, learn: Examples, judge: Examples) -> None:
        keras = runtime.keras()
        keras.utils.set_random_seed(plan.seed)
        self.plan, self.learn, self.judge = plan, learn, judge
        self.network = build_head(plan.head, learn.features, learn.there.shape[1])
        self._loss = _weighted_loss(character_weights(learn.there))
        steps = plan.epochs * -(-len(learn.there) // BATCH)
        rate = keras.optimizers.schedules.CosineDecay(plan.rate, steps)
        self._optimizer = keras.optimizers.AdamW(rate, weight_decay=0.01)
        self.network.compile(self._optimizer, self._loss)
        self._optimizer.build(self.network.trainable_variables)
        self._chance = [
            layer.seed_generator.state for layer in self.network.layers if isinstance(layer, keras.layers.Dropout)
        ]

    def run_epoch(self, epoch: int) -> Entry:
        """Sees every example once; seed and number of the epoch decide in which order, and what drops out."""
        for layer, state in enumerate(self._chance):
            state.assign([self.plan.seed, 100 * epoch + layer])
        order = np.random.default_rng([self.plan.seed, epoch]).permutation(len(self.learn.there))
        self.network.reset_metrics()
        loss = 0.0
        for start in range(0, len(order), BATCH):
            rows = np.sort(order[start : start + BATCH])
            loss = float(self.network.train_on_batch(self.learn.features[rows], self.learn.there[rows]))  # so far
        judged = self.network.predict(self.judge.features, verbose=0)
        return {"epoch": epoch + 1, "loss": loss, "validation_loss": self.judged_loss(judged)}

    def judged_loss(self, scores: Float32) -> float:
        return float(np.mean(self._loss(self.judge.there, scores)))

    def arrays(self) -> dict[str, checkpoint.Arrays]:
        """All that the next epoch depends on."""
        return {
            "weights": self.network.get_weights(),
            "optimizer": [np.asarray(variable) for variable in self._optimizer.variables],
        }

    def restore(self, groups: dict[str, checkpoint.Arrays]) -> None:
        self.network.set_weights(groups["weights"])
        for variable, array in zip(self._optimizer.variables, groups["optimizer"], strict=True):
            variable.assign(array)


def train(trainer: Trainer, out: Path, *, resume: bool, report: Callable[[Entry], None]) -> list[Entry]:
    """Trains to the end of the plan and leaves the best weights by validation in the trainer; an entry an epoch.

    `out` keeps a checkpoint of each epoch; with `resume` it goes on from there, where there is one. Raises UsageError
    for a checkpoint of another plan.
    """
    facts: dict[str, Any] = {"plan": asdict(trainer.plan), "entries": []}
    best = trainer.network.get_weights()
    if resume and (out / checkpoint.NAME).exists():
        saved, groups = checkpoint.load(out)
        if saved["plan"] != facts["plan"]:
            raise UsageError(f"{out} holds a training of another plan.", "Give the options it was begun with.")
        facts, best = saved, groups["best"]
        trainer.restore(groups)
    entries: list[Entry] = facts["entries"]
    began = time.monotonic() - (entries[-1]["seconds"] if entries else 0.0)
    for epoch in range(len(entries), trainer.plan.epochs):
        entry = trainer.run_epoch(epoch)
        entries.append({**entry, "seconds": round(time.monotonic() - began, 1)})
        if entry["validation_loss"] <= min(each["validation_loss"] for each in entries):
            best = trainer.network.get_weights()
        checkpoint.save(out, facts, {**trainer.arrays(), "best": best})
        report(entries[-1])
    trainer.network.set_weights(best)
    return entries


def character_weights(there: Float32) -> Float32:
    """How much more a frame with a character counts than one without, float32 `[C]`: the rarer, the more."""
    seen, missed = (np.nansum(there == value, axis=0) for value in (1, 0))
    weights: Float32 = np.clip(missed / np.maximum(1, seen), 1 / HEAVIEST, HEAVIEST).astype(np.float32)
    return weights


def _weighted_loss(weights: Float32) -> Callable[[Any, Any], Any]:
    """Cross-entropy of each character by itself, `[B, C]` to `[B]`; what is not known does not count."""
    ops = runtime.keras().ops

    def loss(there: Any, scores: Any) -> Any:
        there, scores = ops.convert_to_tensor(there, "float32"), ops.clip(scores, 1e-6, 1 - 1e-6)
        known = ops.logical_not(ops.isnan(there))
        truth = ops.where(known, there, 0.0)
        entropy = weights * truth * ops.log(scores) + (1 - truth) * ops.log(1 - scores)
        return -ops.sum(ops.where(known, entropy, 0.0), axis=-1)

    return loss
