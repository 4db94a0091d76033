"""The card of a model that reads expressions: what it is, what taught it, how well it does, where it fails. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifiers.emotion.reader import Calibration
from classifiers.emotion.training import Entry, Plan

CURVE_LINES = {"loss": "training loss", "accuracy": "validation accuracy", "validation_loss": "validation loss"}


@dataclass(frozen=True, slots=True)
class Story:
    """What a training was."""

    plan: Plan
    entries: list[Entry]
    weights: int
    trained_on: int
    validated_on: int
    dropped: int
    with_votes: bool
    calibration: Calibration
    validation: Mapping[str, Any]
    """The figures of `evaluate` on the validation faces."""
    test: Mapping[str, Any]
    """The same on those for a test, with their `usage`."""


def card(story: Story) -> str:
    """Markdown."""
    best = max(story.entries, key=lambda entry: entry["accuracy"])
    votes = " with the votes of FER+ (arXiv 1608.01041) about the same faces," if story.with_votes else ""
    usage = "" if story.test["usage"] == "validation" else f" --usage {story.test['usage']}"
    return f"""# Expressions of faces

Grey faces of 48 x 48 pixels, found by OpenCV's frontal Haar cascade, to six expressions: angry (disgust counts as \
angry), scared, happy, sad, surprised, neutral. It says what a face looks like, not what a person feels.

- **Network**: {story.plan.arch}, {story.weights:,} weights, kept as float16. Logits are divided by \
{story.calibration.temperature:g}{", averaged over the face and its mirror image" * story.calibration.mirrored}\
{", whole and two pixels closer" * story.calibration.inner}.
- **Data**: {story.trained_on:,} faces in the form of FER2013,{votes} {story.validated_on:,} others for validation \
(identical pictures kept together); {story.dropped:,} that recur pixel for pixel in a test were left out.
- **Training**: {len(story.entries)} epochs in {story.entries[-1]["seconds"] / 60:.0f} minutes, seed \
{story.plan.seed}; the weights are of epoch {best["epoch"]:g}, the best by validation.

## Figures

{_table(story)}

Measured by `vsearch evaluate emotion FILE{usage} --model FOLDER`; the error of calibration has 15 bins.

{_classes(story.test)}

## Limits

Faces from the web, mostly of adults, frontal, with labels of which people confirm about two thirds: posed \
expressions are read better than subtle ones; scared, sad and neutral are often mistaken for each other. Profiles, \
masks, drawn faces and faces under an eighth of the frame's shorter side are not found; now and then something else \
is taken for a face. Skin colour, age and culture are not balanced in the data.

Some places restrict such use: `--no-emotion` leaves it out.
"""


def _table(story: Story) -> str:
    lines = [
        f"| {name} | {of['n']:,} | {of['accuracy']:.3f} | {of['macro_f1']:.3f} | {of['ece']:.3f} |"
        for name, of in {"validation": story.validation, story.test["usage"]: story.test}.items()
    ]
    return "\n".join(["| faces | n | accuracy | macro F1 | ECE |", "| --- | --- | --- | --- | --- |", *lines])


def _classes(figures: Mapping[str, Any]) -> str:
    lines = [
        f"| {label} | {each['n']:,} | {each['precision']:.3f} | {each['recall']:.3f} | {each['f1']:.3f} |"
        for label, each in figures["per_class"].items()
    ]
    head = f"| {figures['usage']} | n | precision | recall | F1 |"
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *lines])
