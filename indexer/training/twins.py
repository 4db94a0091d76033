"""Clips that differ in nothing but their motion: the hardest to tell apart, so that motion has to be learnt. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from indexer.samples.script import PACELESS, Shot, held_out
from indexer.training.sources import Example

OPPOSITES = {
    "running left": "running right",
    "running right": "running left",
    "flying up": "falling",
    "falling": "flying up",
    "bouncing": "rolling",
    "rolling": "bouncing",
    "growing": "shrinking",
    "shrinking": "growing",
}
SIDES = re.compile(r"\b(left|right)(?=(wards?)?\b)", re.IGNORECASE)


def motion_twins(shot: Shot, rng: np.random.Generator) -> tuple[Shot, Shot] | None:
    """Two shots like this one, of opposite activities or paces, in any order; None where it has no opposite."""
    pairs = []
    if shot.activity not in PACELESS:
        pairs.append((replace(shot, pace="slow"), replace(shot, pace="fast")))
    if shot.activity in OPPOSITES:
        pairs.append((shot, replace(shot, activity=OPPOSITES[shot.activity])))
    pairs = [pair for pair in pairs if not any(map(held_out, pair))]
    if not pairs:
        return None
    one, other = pairs[int(rng.integers(len(pairs)))]
    return (one, other) if rng.random() < 0.5 else (other, one)


def mirror_is_allowed(shot: Shot) -> bool:
    """Whether what a mirror shows is not kept from training."""
    return not held_out(replace(shot, activity=_exchange_sides(shot.activity)))


def knows_sides(example: Example) -> bool:
    """Whether one of its captions speaks of left or right."""
    return any(SIDES.search(caption) for caption in example.captions)


def mirrored(example: Example) -> Example:
    """The clip as a mirror shows it, and its sentences with left and right exchanged."""
    captions, false = (tuple(map(_exchange_sides, texts)) for texts in (example.captions, example.false))
    return replace(example, frames=example.frames[:, :, ::-1], captions=captions, false=false, twin=None)


def with_twins(examples: Sequence[Example], count: int) -> list[Example]:
    """The first `count` of the examples, each before its twin: the drawn one, or where sides count its mirror."""
    found: list[Example] = []
    for example in examples:
        found.append(example)
        if example.twin:
            found.append(example.twin)
        elif example.mirrors and knows_sides(example):
            found.append(mirrored(example))
        if len(found) >= count:
            break
    return found[:count]


def _exchange_sides(text: str) -> str:
    return SIDES.sub(lambda found: "right" if found[1].lower() == "left" else "left", text)
