"""`vsearch evaluate activity`: a classifier of activities on labelled clips and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifiers.activity.learning import Figures, measure
from indexer.evaluating.activity_judges import open_judge
from indexer.labelling.labelled_files import find_labelled
from indexer.labelling.labelled_windows import OnProgress, read_windows
from search.errors import UsageError, first_of


@dataclass(frozen=True, slots=True)
class Evaluation:
    figures: Figures
    fingerprint: str
    """Of the model."""
    passed_over: tuple[str, ...]
    """A line for each file that could not be read."""


def evaluate_activity(
    source: Path,
    model: Path,
    *,
    encoder: str = "auto",
    strict: bool = False,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """A file's scores are the mean over its windows; `model` and `encoder` as `open_judge` takes them.

    Raises PathNotFound and UsageError for data that cannot be measured on, ModelUnavailable for what is no model.
    """
    found = find_labelled(source)
    judge = open_judge(model, found.labels, encoder)
    labels = judge.spec.labels
    if strange := [label for label in found.labels if label not in labels]:
        raise UsageError(f"The model does not know {first_of(strange)}.", f"It knows {first_of(labels)}: use those.")
    passed_over: list[str] = []
    scores, truth = [], []
    for read in read_windows(found, judge.look, strict=strict, on_pass=passed_over.append, on_progress=on_progress):
        scores.append(judge.window_scores(read.windows, read.counts).mean(axis=0))
        truth.append(labels.index(read.file.label))
    figures = measure(np.stack(scores), np.array(truth, np.int64), labels)
    return Evaluation(figures, judge.spec.fingerprint, tuple(passed_over))
