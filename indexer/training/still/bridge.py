"""The joint space, first made between frozen teachers: two small heads, contrast on captions and class names.

What the bridge says of every picture and every sentence is where the towers are taught to put them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from indexer.training.still import course
from indexer.training.still.features import TeacherFeatures
from indexer.training.still.losses import two_way_contrast
from indexer.training.still.material import Material
from indexer.training.still.pairs import caption_pairs, class_numbers, label_pairs
from indexer.whole_file import whole_file
from search.contracts import Float32, Int64
from search.errors import UsageError

BRIDGE, PLACES, SENTENCE_PLACES = "bridge.pt", "places.npy", "sentence_places.npy"
AT_ONCE = 4096
PICTURE_SIZE, SENTENCE_SIZE = 0.7, 1.0
"""Root mean square of what a head is fed; the teachers' features have unit length."""


@dataclass(frozen=True, slots=True)
class BridgePlan:
    passes: float = 24
    """Over the captioned pictures, or those of known classes where none is captioned."""
    batch: int = 512
    labelled: float = 0.3
    """The part of a batch that is known by class, not by caption."""
    rate: float = 1.5e-3
    decay: float = 0.05
    warm_up: int = 100
    seed: int = 8


class Head(nn.Module):
    """A teacher's features `[B, F]` to places `[B, dim]` of unit length."""

    def __init__(self, inputs: int, dim: int, hidden: int = 1024, drop: float = 0.2) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Dropout(drop), nn.Linear(hidden, dim))
        self.skip = nn.Linear(inputs, dim)

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.net(x) + self.skip(x), dim=1)


class Bridge(nn.Module):
    """Both heads and the scale of the cosine between them."""

    def __init__(self, widths: list[int], vector: int, dim: int) -> None:
        """`widths` of the picture teachers' features, the length of the sentence teacher's vectors."""
        super().__init__()
        self.picture, self.sentence = Head(sum(widths), dim), Head(vector, dim)
        self.log_scale = nn.Parameter(torch.tensor(log(20.0)))
        self._sizes = PICTURE_SIZE * (sum(widths) / len(widths)) ** 0.5, SENTENCE_SIZE * vector**0.5

    def pictures(self, features: Float32) -> Tensor:
        return self.picture(self._sizes[0] * self._tensor(features))

    def sentences(self, vectors: np.ndarray) -> Tensor:
        return self.sentence(self._sizes[1] * self._tensor(vectors))

    def _tensor(self, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(np.asarray(numbers, np.float32)).to(self.log_scale.device)


@dataclass(frozen=True, slots=True)
class Places:
    """What a trained bridge said."""

    pictures: np.ndarray
    """Float16 `[N, dim]`, unit length."""
    sentences: np.ndarray
    """Float16 `[S, dim]`, unit length."""
    scale: float

    @classmethod
    def load(cls, work: Path) -> Places:
        """Raises UsageError where there is no bridge yet."""
        if not (work / SENTENCE_PLACES).exists():
            raise UsageError(f"{work} has no joint space yet.", "Run `vsearch train pictures teach` first.")
        scale = float(course.load(work / BRIDGE)["log_scale"].exp())
        return cls(np.load(work / PLACES, mmap_mode="r"), np.load(work / SENTENCE_PLACES, mmap_mode="r"), scale)


def train_bridge(material: Material, plan: BridgePlan, progress: Callable[[float], None]) -> float:
    """Trains the heads, then writes them and the places of all pictures and sentences; returns the last loss.

    Raises UsageError where teachers do not fit the material or nothing is captioned or labelled.
    """
    features, vectors = TeacherFeatures(material), material.vectors()
    torch.manual_seed(plan.seed)
    bridge = Bridge(features.widths, vectors.shape[1], material.config.dim).to(course.device())
    optimizer = torch.optim.AdamW(bridge.parameters(), weight_decay=plan.decay)
    batches = _Batches(material, plan)
    loss = torch.tensor(0.0)
    for step in range(batches.steps):
        course.set_rate([optimizer], course.learning_rate(plan.rate, step, step / batches.steps, plan.warm_up))
        rows, sentences, same = batches.draw(np.random.default_rng([plan.seed, step]))
        pictures, texts = bridge.pictures(features(rows)), bridge.sentences(vectors[sentences])
        loss = two_way_contrast(bridge.log_scale.exp() * pictures @ texts.T, same.to(texts.device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        progress((step + 1) / batches.steps)
    _write(bridge, material, features, vectors)
    return loss.item()


class _Batches:
    """Pictures with a sentence each: some by caption, some by class."""

    def __init__(self, material: Material, plan: BridgePlan) -> None:
        self._captioned, self._labelled = caption_pairs(material), label_pairs(material)
        if not self._captioned and not self._labelled:
            raise UsageError(f"No picture in {material.work} has a caption or a label.", "Prepare some that have.")
        labelled = round(plan.batch * plan.labelled) if self._captioned else plan.batch
        self._of_labels = min(labelled, len(self._labelled))
        self._of_captions = min(plan.batch - labelled, len(self._captioned))
        self._class = class_numbers(material, [row for row, _ in self._labelled])
        main, share = (self._captioned, self._of_captions) if self._captioned else (self._labelled, self._of_labels)
        whole = np.setdiff1d([row for row, _ in main], material.parts)
        self.steps = max(1, round(plan.passes * len(whole) / share))

    def draw(self, rng: np.random.Generator) -> tuple[Int64, Int64, Tensor]:
        """Picture rows `[B]`, sentence rows `[B]`, and bool `[B, B]`: other pairs of one class."""
        first = rng.choice(len(self._captioned), self._of_captions, replace=False)
        others = rng.choice(len(self._labelled), self._of_labels, replace=False)
        chosen = [self._captioned[i] for i in first] + [self._labelled[i] for i in others]
        classes = np.concatenate([-1 - np.arange(len(first)), self._class[others]])
        same = (classes[:, None] == classes[None]) & ~np.eye(len(classes), dtype=bool)
        sentences = np.array([rng.choice(texts) for _, texts in chosen])
        return np.array([row for row, _ in chosen]), sentences, torch.from_numpy(same)


def _write(bridge: Bridge, material: Material, features: TeacherFeatures, vectors: np.ndarray) -> None:
    bridge.eval()
    course.save(material.work / BRIDGE, bridge.state_dict())
    pictures = _in_parts(len(material.pictures), lambda rows: bridge.pictures(features(rows)))
    np.save(material.work / PLACES, pictures)
    sentences = _in_parts(len(material.sentences), lambda rows: bridge.sentences(vectors[rows]))
    # The file that says that all is done.
    with whole_file(material.work / SENTENCE_PLACES) as part, part.open("wb") as file:
        np.save(file, sentences)


def _in_parts(count: int, place: Callable[[Int64], Tensor]) -> np.ndarray:
    """The places of rows 0 to `count`, float16."""
    parts = np.split(np.arange(count), range(AT_ONCE, count, AT_ONCE))
    with torch.inference_mode():
        return np.concatenate([place(rows).half().cpu().numpy() for rows in parts])
