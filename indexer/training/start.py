"""Weights that a training begins with, and the sentences whose places it should keep.

The file is an `.npz`: `words` (the vocabulary in order), `sentences` (UTF-8 text, any number), and for each layer of
either network that has weights `LAYER/0`, `LAYER/1` … in the order of Keras' `get_weights`.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.text_tower import TextTower, TowerPlan
from search.errors import UsageError

TEXT_LAYERS = ("text_module_word_embd", "text_module_fc1", "text_module_fc2")


@dataclass(frozen=True, slots=True)
class Start:
    """The content of such a file."""

    words: list[str]
    sentences: list[str]
    layers: dict[str, list[NDArray[Any]]]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises UsageError for a file that is not one."""
        try:
            with np.load(path) as file:
                layers: dict[str, list[NDArray[Any]]] = {}
                for key in sorted(name for name in file.files if "/" in name):
                    layers.setdefault(key.rsplit("/", 1)[0], []).append(file[key])
                return cls(file["words"].tolist(), file["sentences"].tolist(), layers)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise UsageError(
                f"{path} holds no weights to begin with: {error}.", "Name another with --start."
            ) from error

    def put_into(self, *networks: Any) -> None:
        """Raises UsageError unless every layer with weights is there, with the right shapes."""
        for network in networks:
            for layer in network.layers:
                weights = layer.get_weights()
                found = self.layers.get(layer.name, [])
                if [weight.shape for weight in weights] != [array.shape for array in found]:
                    raise UsageError(
                        f"The weights to begin with do not fit the layer {layer.name}.",
                        "Name with --config the configuration they were made for.",
                    )
                if weights:
                    layer.set_weights(found)


class KeptSentences:
    """Sentences with their vectors at the start of the training."""

    def __init__(self, start: Start, vocabulary: Vocabulary) -> None:
        matrices = [array for name in TEXT_LAYERS for array in start.layers[name]]
        self._tower = TextTower(start.words, matrices, TowerPlan(vocabulary.max_words))
        self._sentences = start.sentences
        self._vocabulary = vocabulary

    def sample(self, rng: np.random.Generator, count: int) -> tuple[NDArray[np.int32], Float32]:
        """`count` of them: word numbers int32 `[count, W]`, and their vectors `[count, D]`."""
        chosen = [self._sentences[i] for i in rng.integers(len(self._sentences), size=count)]
        return self._vocabulary.tokens(chosen), self._tower.encode(chosen)
