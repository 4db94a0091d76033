"""Training a network on labelled faces, epoch by epoch, keeping the best by validation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.emotion.augment import varied
from classifiers.emotion.fer import Faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.lesson import RECIPES, build_pupil, targets
from classifiers.emotion.reader import cross_entropy, logits
from classifiers.emotion.split import Split
from classifiers.metrics import accuracy, confusion
from classifiers.training import checkpoint, schedule
from classifiers.training.checkpoint import Arrays
from search import runtime
from search.contracts import Float32, Int64
from search.errors import CannotGoOn, UsageError

Entry = dict[str, float]
"""Of one epoch: epoch, seconds spent so far, loss, and on the validation faces accuracy and loss of the average."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person decides about a training."""

    arch: str = "residual"
    epochs: int = 40
    minutes: float | None = None
    """Ends it sooner; the learning rate then falls by the clock."""
    seed: int = 0


@dataclass
class State:
    """Where a training is, between two epochs."""

    entries: list[Entry] = field(default_factory=list)
    step: int = 0
    seconds: float = 0.0
    average: Arrays = field(default_factory=list)
    """The moving average of the network's weights, batch statistics included."""
    best: Arrays = field(default_factory=list)
    """The average that did best on the validation faces."""


class Trainer:
    """A network in training."""

    def __init__(self, plan: Plan, faces: Faces, split: Split, votes: Float32 | None = None) -> None:
        """`votes` `[N, 8]` as `read_votes` reads them: they teach the trunk too."""
        self.plan, self.recipe = plan, RECIPES[plan.arch]
        self.faces, self.split, self.votes = faces, split, votes
        keras = runtime.keras()
        keras.utils.set_random_seed(plan.seed)
        self.network, self._pupil = build_pupil(plan.arch, self.recipe, votes is not None)
        self.state = State(average=self.network.get_weights())

    @property
    def progress(self) -> float:
        steps = self.plan.epochs * self._batches_an_epoch
        return schedule.progress(self.state.step, self.state.seconds, steps=steps, minutes=self.plan.minutes)

    @property
    def _batches_an_epoch(self) -> int:
        return max(1, len(self.split.training) // self.recipe.batch)

    def epoch(self, on_step: Callable[[float, float], None]) -> Entry:
        """Learns from each face once and measures. Raises CannotGoOn when the loss is no number any more."""
        number = len(self.state.entries) + 1
        rng = np.random.default_rng([self.plan.seed, number])
        losses = []
        for rows in self._batches(rng):
            began = time.monotonic()
            losses.append(self._step(rows, rng))
            self.state.seconds += time.monotonic() - began
            on_step(self.progress, losses[-1])
        entry = {"epoch": number, "seconds": round(self.state.seconds, 1), "loss": float(np.mean(losses))}
        entry |= self._validate()
        if entry["accuracy"] > max((each["accuracy"] for each in self.state.entries), default=-1.0):
            self.state.best = [array.copy() for array in self.state.average]
        self.state.entries.append(entry)
        return entry

    def _batches(self, rng: np.random.Generator) -> Iterator[Int64]:
        rows = rng.permutation(self.split.training)
        for i in range(self._batches_an_epoch):
            yield rows[i * self.recipe.batch : (i + 1) * self.recipe.batch]

    def _step(self, rows: Int64, rng: np.random.Generator) -> float:
        recipe, state = self.recipe, self.state
        rate = schedule.learning_rate(recipe.rate, state.step, self.progress, warm_up=recipe.warm_up)
        self._pupil.optimizer.learning_rate = rate
        pictures = varied(self.faces.pictures[rows], recipe.variation, rng)[..., None]
        wanted = targets(self.faces.labels[rows], None if self.votes is None else self.votes[rows])
        loss = float(self._pupil.train_on_batch(pictures, wanted, return_dict=True)["loss"])
        if not isfinite(loss):
            raise CannotGoOn(f"The loss is {loss} at step {state.step}.", "Begin anew with another --seed.")
        state.step += 1
        keep = schedule.kept_share(recipe.average, state.step)
        current = zip(state.average, self.network.get_weights(), strict=True)
        state.average = [mean + (1 - keep) * (weight - mean) for mean, weight in current]
        return loss

    def _validate(self) -> Entry:
        current = self.network.get_weights()
        self.network.set_weights(self.state.average)
        rows = self.split.validation
        true, scores = self.faces.labels[rows], logits(self.network, self.faces.pictures[rows])
        self.network.set_weights(current)
        matrix = confusion(true, scores.argmax(axis=1).astype(np.int64), len(LABELS))
        return {"accuracy": accuracy(matrix), "validation_loss": cross_entropy(scores, true)}

    def save(self, folder: Path) -> None:
        """Writes the checkpoint, from which `restore` goes on as if nothing had been."""
        state = self.state
        facts = {"of": self._kind, "step": state.step, "seconds": state.seconds, "entries": state.entries}
        current = [runtime.keras().ops.convert_to_numpy(variable) for variable in self._variables()]
        checkpoint.save(folder, facts, {"current": current, "average": state.average, "best": state.best})

    def restore(self, folder: Path) -> None:
        """Raises UsageError when the checkpoint is of another kind of training."""
        facts, groups = checkpoint.load(folder)
        if facts["of"] != self._kind:
            raise UsageError(
                f"The training in {folder} was begun otherwise.",
                "Name the same FILE, --arch, --votes and --seed as when it was begun.",
            )
        for variable, array in zip(self._variables(), groups["current"], strict=True):
            variable.assign(array)
        self.state = State(facts["entries"], facts["step"], facts["seconds"], groups["average"], groups["best"])

    @property
    def _kind(self) -> dict[str, Any]:
        """What must be the same when it goes on: with another split, validation faces would have taught."""
        taught = len(self.split.training)
        return {"arch": self.plan.arch, "seed": self.plan.seed, "votes": self.votes is not None, "faces": taught}

    def _variables(self) -> list[Any]:
        """Weights, the state of dropout's generators, and the optimizer's."""
        metrics = {id(variable) for variable in self._pupil.metrics_variables}
        own = [variable for variable in self._pupil.variables if id(variable) not in metrics]
        return own + list(self._pupil.optimizer.variables)


def train(
    trainer: Trainer, folder: Path, *, resume: bool, report: Callable[[Entry], None],
    on_step: Callable[[float, float], None],
) -> list[Entry]:  # fmt: skip
    """Trains to the end of the plan, a checkpoint in `folder` after each epoch; the network carries the best weights.

    Raises UsageError for a folder that cannot be used, CannotGoOn when the loss is no number any more.
    """
    checkpoint.open_folder(folder, resume=resume)
    if resume:
        trainer.restore(folder)
    while trainer.progress < 1.0:
        report(trainer.epoch(on_step))
        trainer.save(folder)
    trainer.network.set_weights(trainer.state.best)
    return trainer.state.entries
