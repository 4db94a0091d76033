"""The text tower alone, taught where the bridge puts sentences: captions, single words, class names, phrases."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from indexer.training.still import course
from indexer.training.still.bridge import Places
from indexer.training.still.losses import alike, apart
from indexer.training.still.material import Material
from indexer.training.still.networks import TextTower

TEXT = "text.pt"
SHARES = {"caption": 3.0, "piece": 2.0, "text": 2.0, "word": 1.5, "phrase": 1.0, "label": 1.0}
"""How often a sentence of a kind is drawn, against one of another kind."""
SHARPNESS = 20.0
"""Scale of the cosines between sentences of a batch, where their likeness is taught."""
SAVE_STEPS = 200


@dataclass(frozen=True, slots=True)
class TextPlan:
    passes: float = 8
    batch: int = 512
    rate: float = 2e-3
    warm_up: int = 100
    likeness: float = 0.2
    """Weight of the likeness between sentences, against that of their places."""
    average: float = 0.997
    seed: int = 8


def teach_text(material: Material, places: Places, plan: TextPlan, progress: Callable[[float], None]) -> float | None:
    """Writes the averaged tower; returns the last loss, or None where it was done already.

    Ended, it goes on where it was saved last.
    """
    torch.manual_seed(plan.seed)
    tower = TextTower(material.config, len(material.words)).to(course.device())
    averaged = deepcopy(tower)
    optimizer = torch.optim.Adam(tower.parameters())
    path, first = material.work / TEXT, 0
    if path.exists():
        saved = course.load(path)
        parts = ((tower, saved["tower"]), (averaged, saved["averaged"]), (optimizer, saved["optimizer"]))
        course.restore(path, *parts)
        first = saved["step"]
    rows = material.taught_sentences
    shares = np.array([SHARES[kind] for kind in material.kinds[rows]])
    shares /= shares.sum()
    steps = max(1, round(plan.passes * len(rows) / plan.batch))
    loss = None
    for step in range(first, steps):
        course.set_rate([optimizer], course.learning_rate(plan.rate, step, step / steps, plan.warm_up))
        chosen = np.random.default_rng([plan.seed, step]).choice(rows, plan.batch, p=shares)
        loss = _loss(tower, material.tokens[chosen], places.sentences[chosen], plan.likeness)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        course.average_into(averaged, tower, plan.average, step + 1)
        if (step + 1) % SAVE_STEPS == 0 or step + 1 == steps:
            state = {"tower": tower.state_dict(), "averaged": averaged.state_dict(), "step": step + 1}
            course.save(path, {**state, "optimizer": optimizer.state_dict()})
        progress((step + 1) / steps)
    return None if loss is None else loss.item()


def _loss(tower: TextTower, tokens: np.ndarray, places: np.ndarray, likeness: float) -> Tensor:
    target = torch.from_numpy(places.astype(np.float32)).to(course.device())
    with torch.autocast(target.device.type, torch.bfloat16):
        guess = tower(torch.from_numpy(tokens).to(target.device))
    guess = F.normalize(guess, dim=1)
    scores, taught = SHARPNESS * guess @ target.T, SHARPNESS * target @ target.T
    return apart(guess, target) + likeness * alike(scores, taught)
