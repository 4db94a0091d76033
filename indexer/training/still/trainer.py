"""One stage of the training: moves both towers forward, keeps where it is, says how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from indexer.training import log
from indexer.training.still import course
from indexer.training.still.batches import Batches
from indexer.training.still.bridge import Places
from indexer.training.still.features import TeacherFeatures
from indexer.training.still.material import Material
from indexer.training.still.measures import dev_measures
from indexer.training.still.muon import Muon
from indexer.training.still.networks import Towers
from indexer.training.still.objective import Objective
from indexer.training.still.plan import StillPlan
from indexer.training.still.text_lesson import TEXT
from search.errors import CannotGoOn, UsageError

CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"
Measurement = dict[str, Any]
"""step, seconds, the mean of each loss since the one before, and `dev_measures`."""
TAUGHT = frozenset({"teacher", "place", "choice"})
"""The losses of the picture tower alone."""


class Trainer:
    """A stage at some step."""

    def __init__(self, material: Material, plan: StillPlan, start: Path | None = None) -> None:
        """Goes on where the stage was left; else begins with the trunk of the run folder `start` and the taught text.

        Raises UsageError where a step before is missing, CannotGoOn where its files do not fit.
        """
        self.material, self.plan, self.folder = material, plan, material.work / plan.stage
        self._places, features = Places.load(material.work), TeacherFeatures(material)
        self._objective = Objective(material, features, self._places)
        torch.manual_seed(plan.seed)
        self.towers = Towers(material.config, len(material.words), sum(features.widths)).to(course.device())
        self.optimizers = make_optimizers(self.towers, plan)
        self.step_number, self.seconds = 0, 0.0
        self.averaged = deepcopy(self.towers)
        if (self.folder / CHECKPOINT).exists():
            self._restore(self.folder / CHECKPOINT)
        elif start is not None:
            self._begin_with(start / CHECKPOINT)
        self._batches = Batches(material, plan)

    def close(self) -> None:
        self._batches.close()

    @property
    def progress(self) -> float:
        return self.plan.progress(self.step_number, self.seconds)

    def step(self) -> dict[str, float]:
        """Learns from one batch and returns its losses. Raises CannotGoOn when one is no number any more."""
        began = time.monotonic()
        plan = self.plan
        course.set_rate(
            self.optimizers, course.learning_rate(plan.rate, self.step_number, self.progress, plan.warm_up)
        )
        batch = self._batches.take(self.step_number, plan.size(self.progress))
        places, losses = self._objective.taught(self.towers, batch)
        if plan.weights.keys() - TAUGHT:
            losses |= self._objective.contrasts(self.towers, batch, places)
        loss = torch.stack([weight * losses[name] for name, weight in plan.weights.items()]).sum()
        if not isfinite(loss.item()):
            raise CannotGoOn(
                f"The loss is {loss.item()} at step {self.step_number}.", "Begin the stage anew with another --seed."
            )
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.towers.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step_number += 1
        course.average_into(self.averaged, self.towers, plan.average, self.step_number)
        self.seconds += time.monotonic() - began
        return {name: value.item() for name, value in losses.items()}

    def measure(self, losses: list[dict[str, float]]) -> Measurement:
        means = {name: float(np.mean([each[name] for each in losses])) for name in (losses[0] if losses else ())}
        dev = dev_measures(self.averaged, self.material, self._places)
        return {"step": self.step_number, "seconds": round(self.seconds, 1), "losses": means, "dev": dev}

    def save(self) -> None:
        self.folder.mkdir(exist_ok=True)
        state = {"towers": self.towers.state_dict(), "averaged": self.averaged.state_dict()}
        state |= {"optimizers": [optimizer.state_dict() for optimizer in self.optimizers]}
        course.save(self.folder / CHECKPOINT, {**state, "step": self.step_number, "seconds": self.seconds})

    def _restore(self, path: Path) -> None:
        saved = course.load(path)
        optimizers = zip(self.optimizers, saved["optimizers"], strict=True)
        course.restore(path, (self.towers, saved["towers"]), (self.averaged, saved["averaged"]), *optimizers)
        self.step_number, self.seconds = saved["step"], saved["seconds"]

    def _begin_with(self, trunk: Path) -> None:
        text = self.material.work / TEXT
        for path, step in ((text, "teach"), (trunk, "trunk")):
            if not path.exists():
                raise UsageError(f"There is no {path}.", f"Run `vsearch train pictures {step}` first.")
        course.restore(trunk, (self.towers, course.load(trunk)["averaged"]))
        course.restore(text, (self.towers.text, course.load(text)["averaged"]))
        self.averaged.load_state_dict(self.towers.state_dict())


def make_optimizers(towers: Towers, plan: StillPlan) -> list[torch.optim.Optimizer]:
    """Muon for the trunk's matrices, AdamW for all else."""
    trunk = [weight for weight in towers.picture.trunk.parameters() if weight.ndim > 1]
    text = list(towers.text.parameters())
    apart = {id(weight) for weight in (*trunk, *text)}
    rest = [weight for weight in towers.parameters() if id(weight) not in apart]
    groups = [
        {"params": [weight for weight in rest if weight.ndim > 1], "weight_decay": plan.decay},
        {"params": [weight for weight in rest if weight.ndim <= 1], "weight_decay": 0.0},
        {"params": text, "weight_decay": 0.0, "share": plan.text_share},
    ]
    adamw = torch.optim.AdamW(groups, plan.rate, betas=(0.9, 0.98))
    return [adamw, Muon(trunk, plan.rate, weight_decay=plan.decay)]


def train_stage(
    material: Material, plan: StillPlan, start: Path | None, report: Callable[[Measurement], None],
    on_step: Callable[[float], None],
) -> Measurement:  # fmt: skip
    """Trains a stage to its end and returns the last measurement; ended before, it saves where it is.

    The folder of the stage keeps `checkpoint.pt` and `log.jsonl`. Raises as `Trainer` does.
    """
    trainer = Trainer(material, plan, start)
    try:
        return _run(trainer, report, on_step)
    except KeyboardInterrupt:
        trainer.save()
        raise
    finally:
        trainer.close()


def _run(trainer: Trainer, report: Callable[[Measurement], None], on_step: Callable[[float], None]) -> Measurement:
    losses: list[dict[str, float]] = []
    saved = time.monotonic()
    while trainer.progress < 1.0:
        losses.append(trainer.step())
        on_step(trainer.progress)
        if time.monotonic() - saved > trainer.plan.save_seconds and trainer.progress < 1.0:
            _keep(trainer, losses, report)
            losses, saved = [], time.monotonic()
    return _keep(trainer, losses, report)


def _keep(trainer: Trainer, losses: list[dict[str, float]], report: Callable[[Measurement], None]) -> Measurement:
    """Saves, measures, writes a line of the log and reports."""
    trainer.save()
    entry = trainer.measure(losses)
    log.append(trainer.folder / LOG, entry)
    report(entry)
    return entry
