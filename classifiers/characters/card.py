"""The card of a model of characters: what it is, what taught it, how well it does, where it fails. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.characters.features import View
from classifiers.characters.training import Entry, Plan

SEEN: dict[View, str] = {
    "whole": "the whole frame, squeezed into a square",
    "looks": "eleven squares of the frame",
    "windows": "the frame, of which windows are told apart in a middle block",
}
CURVE_LINES = {"loss": "training loss", "validation_loss": "validation loss"}


@dataclass(frozen=True, slots=True)
class Story:
    """What a training was."""

    plan: Plan
    entries: Sequence[Entry]
    characters: Sequence[str]
    trained_on: int
    """Frames."""
    boxed: int
    """Pictures with boxes."""
    validated_on: int
    validation: Mapping[str, Any]
    """The figures of `evaluate` on the frames held out."""
    fps: float
    """Frames a second that it looks at when films are indexed."""
    view: View


def card(story: Story) -> str:
    """Markdown."""
    plan, figures = story.plan, story.validation
    best = min(story.entries, key=lambda entry: entry["validation_loss"])
    boxed = f" and {story.boxed:,} pictures with boxes" if story.boxed else ""
    rows = [
        f"| {name} | {each['precision']:.3f} | {each['recall']:.3f} | {each['seconds_true']:g} "
        f"| {each['seconds_predicted']:g} |"
        for name, each in figures["per_character"].items()
    ]
    table = "\n".join(
        ["| character | precision | recall | seconds | predicted |", "| --- | --- | --- | --- | --- |", *rows]
    )
    return f"""# Who is on screen: {", ".join(story.characters)}

Frames, {story.fps:g} a second, to a score for each character by itself; from 0.5 on it counts as there.

- **Network**: the frozen backbone {plan.backbone} looks at {SEEN[story.view]}; a head \
({plan.head}) says who is there. Only the head is kept here.
- **Data**: {story.trained_on:,} labelled frames{boxed}, each seen in {plan.views} ways: light, paints, \
crops, mirrored, pasted into frames where nobody is.
- **Training**: {len(story.entries)} epochs, seed {plan.seed}; the weights are of epoch {best["epoch"]:g}, the best \
on {story.validated_on:,} frames held out in stretches, which also chose each character's threshold.

## Figures

On the frames held out: `top_accuracy` {figures["top_accuracy"]:.3f}, exact {figures["exact"]:.3f}. They are of the \
same films as those learnt from: expect less on others.

{table}

`vsearch evaluate characters CSV --frames DIR --model FOLDER` measures it on frames of your own.

## Limits

Whoever is small, turned away, half hidden or drawn in other colours than in the labelled frames is missed; what has \
their colours may be taken for them. It knows nobody else.
"""
