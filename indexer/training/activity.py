"""Learning activities: from labelled clips and pictures to a model folder and honest figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.activity.cnn_rnn import Head
from classifiers.activity.examples import Arch, Examples, Look, join_examples, look_of
from classifiers.activity.fitting import Curve, OnEpoch, Plan, Watch
from classifiers.activity.folds import group_folds
from classifiers.activity.frames import fine_tune
from classifiers.activity.learning import Figures, Way, cross_validate, measure_files
from classifiers.backbones import Backbone, open_backbone
from classifiers.model_folder import ModelFacts, save_model
from classifiers.training.confusion import confusion_svg
from classifiers.training.curve import curve_svg
from indexer.labelling.labelled_files import (
    LabelledFile,
    LabelledFiles,
    find_labelled,
    groups_of,
    read_groups,
    require_classes,
)
from indexer.labelling.labelled_windows import OnProgress, read_windows
from indexer.training.activity_card import activity_card
from search.contracts import UInt8
from search.errors import UsageError

HELD_OUT = 4
"""Without folds, one part of so many is held out, as in the tutorial."""
LINES = {"loss": "loss", "accuracy": "accuracy", "val_accuracy": "accuracy on those held out"}


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for."""

    arch: Arch
    backbone: str
    head: Head = "strong"
    """Of `cnn-rnn`; `frames` has one only."""
    epochs: int = 25
    seed: int = 0
    folds: int | None = None
    """None: a quarter is held out; else cross-validation, and the model learns from everything."""
    groups: Path | None = None
    """A CSV as `read_groups` takes it; groups are never parted."""
    fine_tune: bool = False
    """Then train the backbone, too, for as many epochs again; `frames` only, and not with folds."""
    strict: bool = False

    @property
    def way(self) -> Way:
        return Way(self.arch, self.head)

    @property
    def plan(self) -> Plan:
        return Plan(self.epochs, self.seed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was learnt, and how well."""

    figures: Figures
    measured: str
    """On what."""
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Everything that could be read, and what it is to be learnt with."""

    order: Order
    backbone: Backbone
    look: Look
    labels: tuple[str, ...]
    examples: Examples
    windows: UInt8 | None
    """RGB `[N, 1, S, S, 3]`, kept for fine-tuning only."""
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Learnt:
    network: Any
    curve: Curve
    figures: Figures
    measured: str


def train_activity(
    source: Path,
    out: Path,
    order: Order,
    *,
    on_progress: OnProgress | None = None,
    on_epoch: OnEpoch | None = None,
) -> Outcome:
    """Learns from a folder or a CSV and writes the model folder `out`.

    Raises PathNotFound and UsageError for what cannot be learnt from, ModelUnavailable for a backbone.
    """
    if order.fine_tune and (order.arch != "frames" or order.folds):
        raise UsageError("Only frames are fine-tuned, and not in folds.", "Leave out --fine-tune, or --folds.")
    found = find_labelled(source)
    require_classes(found.files)
    groups = groups_of(found.files, read_groups(order.groups) if order.groups else {})
    lesson = _read(found, groups, order, on_progress)
    learnt = _cross_validate(lesson, on_epoch) if order.folds else _hold_out(lesson, on_epoch)
    outcome = Outcome(learnt.figures, learnt.measured, lesson.passed_over)
    _save(out, lesson, learnt)
    return outcome


def _read(found: LabelledFiles, groups: Sequence[str], order: Order, on_progress: OnProgress | None) -> _Lesson:
    backbone = open_backbone(order.backbone)
    look = look_of(order.arch, backbone.size)
    numbers = np.unique(np.array(groups), return_inverse=True)[1].tolist()
    group_of = dict(zip((file.name for file in found.files), numbers, strict=True))
    rng = np.random.default_rng(order.seed)
    files: list[LabelledFile] = []
    parts: list[Examples] = []
    windows: list[UInt8] = []
    passed_over: list[str] = []
    for read in read_windows(found, look, strict=order.strict, on_pass=passed_over.append, on_progress=on_progress):
        features = order.way.features(read.windows, backbone, rng)
        counts = read.counts if look.window > 1 else np.full(len(features), features.shape[1], np.int64)
        truth, group = found.labels.index(read.file.label), group_of[read.file.name]
        parts.append(Examples.of_file(features, counts, truth, len(files), group))
        files.append(read.file)
        if order.fine_tune:
            windows.append(read.windows)
    require_classes(files)
    kept = np.concatenate(windows) if windows else None
    return _Lesson(order, backbone, look, found.labels, join_examples(parts), kept, tuple(passed_over))


def _cross_validate(lesson: _Lesson, on_epoch: OnEpoch | None) -> _Learnt:
    """Figures from folds; a network that learnt from everything."""
    order, watch = lesson.order, Watch(on_epoch=on_epoch)
    folds = order.folds or 0
    figures = cross_validate(order.way, lesson.examples, lesson.labels, folds, order.plan, watch)
    head, curve = order.way.fit(lesson.examples, len(lesson.labels), order.plan, watch)
    network = order.way.whole_network(lesson.backbone, head, lesson.look)
    return _Learnt(network, curve, figures, f"cross-validated, {folds} folds")


def _hold_out(lesson: _Lesson, on_epoch: OnEpoch | None) -> _Learnt:
    """Figures on a quarter, or as near to one as groups allow; a network that learnt from the rest."""
    order, examples = lesson.order, lesson.examples
    folds = min(HELD_OUT, len(np.unique(examples.group)))
    held = group_folds(examples.truth, examples.group, folds, order.seed) == 0
    learnt, kept = examples.where(~held), examples.where(held)
    head, curve = order.way.fit(learnt, len(lesson.labels), order.plan, Watch(kept, on_epoch))
    network = order.way.whole_network(lesson.backbone, head, lesson.look)
    if lesson.windows is None:
        scores = order.way.scores(head, kept)
    else:
        more = fine_tune(network, lesson.backbone, lesson.windows[~held], learnt.truth, order.plan, on_epoch)
        curve += [{**entry, "epoch": entry["epoch"] + order.epochs} for entry in more]
        scores = network.predict(lesson.windows[held][:, 0], verbose=0)
    return _Learnt(network, curve, measure_files(scores, kept, lesson.labels), "a part held out")


def _save(out: Path, lesson: _Lesson, learnt: _Learnt) -> None:
    order, figures = lesson.order, learnt.figures
    settings = {
        "arch": order.arch,
        "head": order.head if order.arch == "cnn-rnn" else "dense",
        "backbone": lesson.backbone.name,
        "look": asdict(lesson.look),
        "figures": {"measured": learnt.measured, **figures},
    }
    lines = {key: legend for key, legend in LINES.items() if key in learnt.curve[0]}
    pictures = {
        "curve.svg": curve_svg(learnt.curve, lines),
        "confusion.svg": confusion_svg(np.array(figures["confusion"]), lesson.labels),
    }
    card = activity_card(settings, lesson.passed_over)
    save_model(out, learnt.network, ModelFacts("activity", lesson.labels, settings), card=card, pictures=pictures)
