"""Drawn films that ask one thing of an encoder each; none of their shots is ever drawn for training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any
from zlib import crc32

import numpy as np

from indexer.samples.captions import Rng, tell_shot
from indexer.samples.lists import Programme, Row
from indexer.samples.paraphrases import paraphrase_shot
from indexer.samples.script import (
    ACTIVITIES,
    CHARACTERS,
    PACELESS,
    SCENES,
    Film,
    Shot,
    held_out,
    kept_apart,
    random_film,
    random_shot,
)

SECONDS = 4.0
"""How long a film of one shot lasts: a clip of every known encoder fits in."""
PAIRS = 40
"""Pairs of each contrast."""
PARAPHRASED = 60
"""Films."""
CAPTIONS = 3
"""Of each shot, except where pairs are told apart."""
CONTRASTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "left/right": ({"activity": "running left"}, {"activity": "running right"}),
    "up/down": ({"activity": "flying up"}, {"activity": "falling"}),
    "fast/slow": ({"pace": "fast"}, {"pace": "slow"}),
    "bouncing/rolling": ({"activity": "bouncing"}, {"activity": "rolling"}),
}
"""What two films may differ in, and what makes either of the same shot."""


def combinations(seed: int) -> Programme:
    """A film of one shot for each combination of character, activity and scene that training never sees."""
    rng = _generator("combinations", seed)
    wanted = {names for names in product(CHARACTERS, ACTIVITIES, SCENES) if kept_apart(*names)}
    shots: list[Shot] = []
    while wanted:
        shot = random_shot(rng)
        names = (shot.characters[0], shot.activity, shot.scene)
        if len(shot.characters) == 1 and names in wanted:
            wanted.remove(names)
            shots.append(replace(shot, duration=SECONDS))
    rows = [
        Row(number, 0.0, SECONDS, shot, tell_shot(shot, rng, complete=True))
        for number, shot in enumerate(shots, 1)
        for _ in range(CAPTIONS)
    ]
    return Programme(tuple(Film((shot,)) for shot in shots), tuple(rows))


def motion(seed: int) -> Programme:
    """Pairs of films that are equal but for the motion, and whose captions are equal but for the words for it.

    The contrasts take turns, so that the first few films hold some of each. Only combinations that training may see.
    """
    rng = _generator("motion", seed)
    films: list[Film] = []
    rows: list[Row] = []
    for contrast in list(CONTRASTS) * PAIRS:
        pair = _pair(contrast, rng)
        words = int(rng.integers(2**31))
        number = len(films) + 1
        for shot, own, twin in zip(pair, (number, number + 1), (number + 1, number), strict=True):
            caption = tell_shot(shot, np.random.default_rng(words), complete=True)
            films.append(Film((shot,)))
            rows.append(Row(own, 0.0, SECONDS, shot, caption, twin, contrast))
    return Programme(tuple(films), tuple(rows))


def paraphrases(seed: int) -> Programme:
    """Films like the samples, described in words that no drawn caption uses."""
    rng = _generator("paraphrases", seed)
    films = tuple(random_film(rng) for _ in range(PARAPHRASED))
    rows = [
        Row(number, start, end, shot, paraphrase_shot(shot, rng))
        for number, film in enumerate(films, 1)
        for shot, (start, end) in zip(film.shots, film.spans(), strict=True)
        for _ in range(CAPTIONS)
    ]
    return Programme(films, tuple(rows))


PROBES: dict[str, Callable[[int], Programme]] = {
    "combinations": combinations,
    "motion": motion,
    "paraphrases": paraphrases,
}


def _pair(contrast: str, rng: Rng) -> tuple[Shot, Shot]:
    one, other = CONTRASTS[contrast]
    while True:
        shot = replace(random_shot(rng), duration=SECONDS)
        pair = replace(shot, **one), replace(shot, **other)
        if not any(map(held_out, pair)) and not (contrast == "fast/slow" and shot.activity in PACELESS):
            return pair


def _generator(probe: str, seed: int) -> Rng:
    return np.random.default_rng([crc32(probe.encode()), seed])
