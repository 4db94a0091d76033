"""Batches of augmented pictures with what is said of them; each a function of the seed, its number and the size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from indexer.training.still.augment import ANY, KEPT, TOLD, other_views
from indexer.training.still.material import Material
from indexer.training.still.pairs import caption_pairs, class_numbers, label_pairs, set_numbers
from indexer.training.still.plan import StillPlan
from search.contracts import Int64, UInt8
from search.errors import UsageError

AT_ONCE = 32
"""Pictures that share a crop's height and width."""
OWN_CAPTIONS = 2
"""Captions of each captioned picture."""
FOREIGN_CAPTIONS = 2
"""Captions of other drawn frames, for each drawn frame."""


@dataclass(frozen=True, slots=True)
class Batch:
    """C captioned pictures, then O others, then D drawn frames."""

    pictures: Tensor
    """Float `[C + O + D, 3, S, S]` in 0..1."""
    rows: Int64
    """Pictures `[C + O]`."""
    captions: Int64
    """Sentences `[C, 2]` of the captioned pictures."""
    more_captions: Int64
    """Sentences `[M]` that training pictures have."""
    phrases: Int64
    """Sentences `[O]` that name the others' classes; -1 = none."""
    classes: Int64
    """`[O]`; -1 = none."""
    sets: Int64
    """`[O]`: the sets of classes."""
    sentences: Int64
    """Sentences `[R]` of any kind."""
    drawn: NDArray[np.int32]
    """Word numbers `[D, K, W]` of the drawn frames' captions."""
    foreign: NDArray[np.int32]
    """Word numbers `[2D, W]` of captions of drawn frames."""


class Batches:
    """Draws batch after batch, one ahead of the network, in a thread of its own."""

    def __init__(self, material: Material, plan: StillPlan) -> None:
        """Raises UsageError where there are neither captioned nor other pictures to train on."""
        self._material, self._plan = material, plan
        parts = set(material.parts.tolist())
        # What is said of a picture need not be true of a part of it.
        self._captioned = [pair for pair in caption_pairs(material) if pair[0] not in parts]
        self._others = np.setdiff1d(material.train, [row for row, _ in self._captioned])
        self._crop = KEPT if parts else ANY
        self._phrases = dict(label_pairs(material))
        self._class = class_numbers(material, range(len(material.pictures)))
        self._set = set_numbers(material, range(len(material.pictures)))
        self._caption_rows = np.flatnonzero(material.kinds == "caption")
        self._sentence_rows = material.taught_sentences
        if not len(material.train):
            raise UsageError(f"{material.work} holds no picture to train on.", "Prepare some whose split is train.")
        self._thread = ThreadPoolExecutor(1)
        self._ahead: tuple[int, Future[Batch]] | None = None

    def take(self, number: int, size: int) -> Batch:
        """Batch `number` in pictures of `size` x `size`, and begins with the next one.

        Where the size changes, the batch that was drawn ahead still has the size before.
        """
        if self._ahead is None or self._ahead[0] != number:
            self._ahead = number, self._thread.submit(self.draw, number, size)
        batch = self._ahead[1].result()
        self._ahead = number + 1, self._thread.submit(self.draw, number + 1, size)
        return batch

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def draw(self, number: int, size: int) -> Batch:
        rng = np.random.default_rng([self._plan.seed, number])
        plan, material = self._plan, self._material
        chosen = [self._captioned[i] for i in _some(len(self._captioned), plan.captioned, rng)]
        others = self._others[_some(len(self._others), plan.others, rng)]
        rows = np.concatenate([np.array([row for row, _ in chosen], np.int64), others])
        frames = _some(len(material.drawn), plan.drawn, rng)
        foreign = _some(len(material.drawn), FOREIGN_CAPTIONS * len(frames), rng)
        views = [
            *(other_views(part, size, rng, self._crop) for part in _parts(material.pixels, rows)),
            *(other_views(part, size, rng, TOLD) for part in _parts(material.drawn, frames)),
        ]
        own = [rng.choice(texts, OWN_CAPTIONS, replace=len(texts) < OWN_CAPTIONS) for _, texts in chosen]
        return Batch(
            pictures=torch.cat(views),
            rows=rows,
            captions=np.array(own, np.int64).reshape(-1, OWN_CAPTIONS),
            more_captions=self._caption_rows[_some(len(self._caption_rows), plan.more_captions, rng)],
            phrases=np.array([rng.choice(self._phrases.get(int(row), [-1])) for row in others], np.int64),
            classes=self._class[others],
            sets=self._set[others],
            sentences=self._sentence_rows[_some(len(self._sentence_rows), plan.more_sentences, rng)],
            drawn=material.drawn_tokens[frames],
            foreign=material.drawn_tokens[foreign, rng.integers(material.drawn_tokens.shape[1], size=len(foreign))],
        )


def _some(of: int, count: int, rng: np.random.Generator) -> Int64:
    """At most `count` different numbers below `of`, ascending, as files are read."""
    return np.sort(rng.choice(of, min(count, of), replace=False))


def _parts(pixels: UInt8, rows: Int64) -> Iterator[Sequence[UInt8]]:
    for first in range(0, len(rows), AT_ONCE):
        yield [pixels[row] for row in rows[first : first + AT_ONCE]]
