"""What one batch costs: the losses by name."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from indexer.training.still import course
from indexer.training.still.batches import Batch
from indexer.training.still.bridge import Places
from indexer.training.still.features import TeacherFeatures
from indexer.training.still.losses import alike, apart, apart_each, class_contrast, mil_nce
from indexer.training.still.material import Material
from indexer.training.still.networks import Towers
from search.contracts import Int64


class Objective:
    """Compares both towers with the teachers and with each other."""

    def __init__(self, material: Material, features: TeacherFeatures, places: Places) -> None:
        self._material, self._features, self._places = material, features, places
        self._device = course.device()

    def taught(self, towers: Towers, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The places of the batch's pictures, and the losses `teacher`, `place` and `choice`."""
        pictures = batch.pictures.to(self._device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16):
            places, guess = towers.picture(pictures)
        count = len(batch.rows)
        features = self._tensor(self._features(batch.rows))
        return places, {
            "teacher": apart_each(guess[:count], features, self._features.widths),
            "place": apart(places[:count], self._tensor(self._places.pictures[batch.rows])),
            "choice": self._choice(places[:count], batch),
        }

    def _choice(self, places: Tensor, batch: Batch) -> Tensor:
        """How far a picture's choice among captions, told by the teacher of sentences, is from the teachers'."""
        said = self._tensor(self._places.sentences[batch.more_captions])
        scores = self._places.scale * places @ said.T
        return alike(scores, self._teachers_scores(batch.rows, batch.more_captions))

    def contrasts(self, towers: Towers, batch: Batch, places: Tensor) -> dict[str, Tensor]:
        """The losses `captions`, `alike`, `classes` and `words`."""
        known = batch.phrases >= 0
        captions = np.concatenate([batch.captions.ravel(), batch.more_captions])
        rows = np.concatenate([captions, batch.phrases[known], batch.sentences])
        texts = self._texts(towers, rows, batch)
        said, named, others, films = texts.split(
            [len(captions), int(known.sum()), len(batch.sentences), len(texts) - len(rows)]
        )
        count, first_drawn = len(batch.captions), len(batch.rows)
        shown = torch.cat([places[:count], places[first_drawn:]])
        scores = towers.scale * shown @ torch.cat([said, films]).T
        of_others = places[count:first_drawn][self._tensor(known)]
        classes, sets = self._tensor(batch.classes[known]), self._tensor(batch.sets[known])
        return {
            "captions": mil_nce(scores, self._own(batch, len(captions), scores.shape[1])),
            "alike": alike(scores[:count, : len(captions)], self._teachers_scores(batch.rows[:count], captions)),
            "classes": class_contrast(towers.scale * of_others @ named.T, classes, sets),
            "words": apart(torch.cat([said, named, others]), self._tensor(self._places.sentences[rows])),
        }

    def _texts(self, towers: Towers, rows: Int64, batch: Batch) -> Tensor:
        """The vectors of those sentences, then of the drawn frames' captions and of foreign ones."""
        drawn = batch.drawn.reshape(-1, batch.drawn.shape[-1])
        tokens = np.concatenate([self._material.tokens[rows], drawn, batch.foreign])
        with torch.autocast(self._device.type, torch.bfloat16):
            vectors: Tensor = towers.text(torch.from_numpy(tokens).to(self._device))
        return vectors

    def _own(self, batch: Batch, first_film: int, width: int) -> Tensor:
        """Which captions are a picture's own: bool `[C + D, width]`; those of drawn frames begin at `first_film`."""
        count, each = batch.captions.shape
        drawn, of_film, _ = batch.drawn.shape
        own = np.zeros((count + drawn, width), bool)
        own[np.arange(count).repeat(each), np.arange(count * each)] = True
        own[count + np.arange(drawn).repeat(of_film), first_film + np.arange(drawn * of_film)] = True
        return self._tensor(own)

    def _teachers_scores(self, pictures: Int64, sentences: Int64) -> Tensor:
        shown, said = (self._tensor(x) for x in (self._places.pictures[pictures], self._places.sentences[sentences]))
        return self._places.scale * shown @ said.T

    def _tensor(self, numbers: np.ndarray) -> Tensor:
        if numbers.dtype == np.float16:
            numbers = numbers.astype(np.float32)
        return torch.from_numpy(np.ascontiguousarray(numbers)).to(self._device)
