"""Training an encoder from drawn films to a model folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.training.checkpoint import open_folder
from classifiers.training.curve import curve_svg
from indexer.training import checkpoint, log
from indexer.training.card import model_card
from indexer.training.checkpoint import Checkpoint
from indexer.training.drawn import DrawnFilms
from indexer.training.mixture import Mixture
from indexer.training.pool import BATCHES, TRAINING, ExamplePool, held_out_examples
from indexer.training.sources import Example, TrainingSource
from indexer.training.start import Start
from indexer.training.trainer import Trainer, TrainingPlan, held_out_metrics
from indexer.training.twins import with_twins
from search.encoders.mini.export import export
from search.encoders.mini.vocabulary import frequent_words
from search.encoders.s3d import S3DConfig

LOG = "log.jsonl"
CURVE_LINES = {"loss": "loss", "r5": "R@5 on held-out clips"}
Measurement = dict[str, Any]
"""step, size (pixels), seconds, drawn (clips), loss, and the RetrievalMetrics on held-out clips."""
Report = Callable[[Measurement], None]
OnStep = Callable[[float, float], None]
"""Called with the progress 0..1 and the loss of each step."""


def drawn_vocabulary(config: S3DConfig, seed: int, captions: int = 20_000, at_least: int = 8) -> list[str]:
    """The words that training will meet often enough to learn."""
    source, rng = DrawnFilms(config), np.random.default_rng([TRAINING, seed])
    return frequent_words((source.caption(rng) for _ in range(captions)), at_least)


def train(
    config: S3DConfig, plan: TrainingPlan, out: Path, *, resume: bool, report: Report, on_step: OnStep
) -> Measurement:
    """Trains, exports the finished weights to `out` as a model folder, and returns the last measurement.

    `out` also keeps `checkpoint.npz`, `log.jsonl` and `curve.svg`. Interrupted, it saves where it is. Raises
    UsageError for an `out` that cannot be used, CannotGoOn when the loss is no number any more.
    """
    start = Start.read(plan.start) if plan.start else None
    state = _open_folder(config, plan, start, out, resume)
    stages = plan.stages(config.size)
    largest = replace(config, size=stages[-1][0])
    held_out = list(held_out_examples(largest, plan.seed, plan.held_out))
    mixture = Mixture(largest, plan.pictures, plan.picture_share)
    source = mixture.open()
    with ExamplePool(mixture, plan.seed, size=plan.pool, workers=plan.workers, first=state.drawn) as pool:
        for size, until in stages:
            done = plan.progress(state.step, state.seconds) >= until
            if done and size != largest.size:
                continue
            trainer = Trainer(replace(config, size=size), plan, state, start)
            if not done:
                _run(Stage(trainer, until, held_out, source, out, report, on_step), pool)
    trainer.use_finished()
    last = log.read(out / LOG)[-1]
    export(config, state.words, trainer.video.get_weights(), trainer.text.get_weights(), out, precision="int8")
    (out / "card.md").write_text(model_card(config, plan, last, len(state.words)), "utf-8")
    return last


def _open_folder(config: S3DConfig, plan: TrainingPlan, start: Start | None, out: Path, resume: bool) -> Checkpoint:
    if resume:
        return checkpoint.load(out)
    open_folder(out, resume=False)
    (out / LOG).write_text("", "utf-8")
    return Checkpoint(start.words if start else drawn_vocabulary(config, plan.seed))


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the training at one frame size."""

    trainer: Trainer
    until: float
    """The progress it ends at, 0..1."""
    held_out: list[Example]
    source: TrainingSource
    """Of further sentences."""
    out: Path
    report: Report
    on_step: OnStep


def _run(stage: Stage, pool: ExamplePool) -> None:
    plan = stage.trainer.plan
    pool.fill(max(plan.pool // 4, plan.batch))
    try:
        _learn(stage, pool)
    except KeyboardInterrupt:
        checkpoint.save(stage.trainer.checkpoint(), stage.out)
        raise
    checkpoint.save(stage.trainer.checkpoint(), stage.out)


def _learn(stage: Stage, pool: ExamplePool) -> None:
    trainer, plan, state = stage.trainer, stage.trainer.plan, stage.trainer.state
    losses: list[float] = []
    saved = time.monotonic()
    while trainer.progress() < stage.until:
        rng = np.random.default_rng([BATCHES, plan.seed, state.step])
        pool.refresh(plan.fresh)
        others = [stage.source.caption(rng) for _ in range(plan.other_sentences)]
        examples = with_twins(pool.sample(rng, plan.batch), plan.batch)
        losses.append(trainer.step(examples, others, rng))
        state.drawn = pool.drawn
        stage.on_step(trainer.progress(), losses[-1])
        if state.step % plan.steps_per_epoch == 0 or trainer.progress() >= stage.until:
            _measure(stage, float(np.mean(losses)))
            losses.clear()
        if time.monotonic() - saved > plan.save_seconds:
            checkpoint.save(trainer.checkpoint(), stage.out)
            saved = time.monotonic()


def _measure(stage: Stage, loss: float) -> None:
    """Writes a line of the log, draws the curve anew and reports."""
    trainer, state = stage.trainer, stage.trainer.state
    trainer.use_average()
    metrics = held_out_metrics(trainer, stage.held_out)
    trainer.use_current()
    entry = {
        "step": state.step,
        "size": trainer.config.size,
        "seconds": round(state.seconds, 1),
        "drawn": state.drawn,
        "loss": loss,
        **asdict(metrics),
    }
    log.append(stage.out / LOG, entry)
    (stage.out / "curve.svg").write_text(curve_svg(log.read(stage.out / LOG), CURVE_LINES, over="step"), "utf-8")
    stage.report(entry)
