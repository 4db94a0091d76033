"""The text tower of S3D in NumPy, so that asking needs no TensorFlow.

arXiv 1912.06430, §3: word embedding, dense with ReLU, maximum over the words, dense.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32, Int64
from search.errors import ModelUnavailable

FOLDER = "text_tower"
MATRICES = ("word_embedding", "dense1_kernel", "dense1_bias", "dense2_kernel", "dense2_bias")
MAX_WORDS = 16
SENTENCES_AT_ONCE = 128
"""Bounds the hidden layer to 128 x 16 x 2048 numbers."""

ASCII_WORD = re.compile(rb"[a-z0-9_']+")
WORD = re.compile(r"[\w']+")


def ascii_words(text: str) -> list[str]:
    """The words as the graphs cut them: only ASCII letters are lower-cased, and only ASCII makes a word."""
    return [word.decode() for word in ASCII_WORD.findall(text.encode("utf-8", "ignore").lower())]


@dataclass(frozen=True, slots=True)
class TowerPlan:
    """How sentences become rows of the word table, apart from the table itself."""

    max_words: int = MAX_WORDS
    """Known words of a sentence that count, from its beginning."""
    pad_counts: bool = False
    """Whether the padding of a shorter sentence takes part in the maximum, as in the published port."""


class TextTower:
    """Sentences to vectors. Row i + 1 of the word table is word i; row 0 is the padding."""

    def __init__(self, words: Sequence[str], matrices: Sequence[NDArray[Any]], plan: TowerPlan | None = None) -> None:
        """`matrices` in the order of `MATRICES`: `[V+1,E]`, `[E,H]`, `[H]`, `[H,D]`, `[D]`; any number dtype.

        Raises ModelUnavailable when their shapes do not follow one another.
        """
        self.words = words
        self.matrices = tuple(matrices)
        self.plan = plan or TowerPlan()
        self._rows = {word: row for row, word in enumerate(words, start=1)}
        check_shapes(len(words), [matrix.shape for matrix in self.matrices])

    @classmethod
    def load(cls, folder: Path, plan: TowerPlan | None = None) -> TextTower:
        """Opens a `text_tower` folder; the matrices stay on disk until used.

        A plan kept in the folder wins over `plan`. Raises ModelUnavailable.
        """
        try:
            words = (folder / "words.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
            matrices = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in MATRICES]
            kept = folder / "plan.json"
            return cls(words, matrices, TowerPlan(**json.loads(kept.read_text())) if kept.exists() else plan)
        except (OSError, ValueError, TypeError) as error:
            raise ModelUnavailable(
                f"The text tower in {folder} cannot be read: {error}.",
                "Delete that folder to use the model's own text signature, or fetch the model again.",
            ) from error

    @property
    def dim(self) -> int:
        return int(self.matrices[4].shape[0])

    def encode(self, texts: Sequence[str]) -> Float32:
        """N sentences to float32 `[N, dim]`; one without a known word gives the vector of the padding row."""
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), SENTENCES_AT_ONCE):
            part = texts[start : start + SENTENCES_AT_ONCE]
            vectors[start : start + len(part)] = self._encode_rows(self._table_rows(part))
        return vectors

    def unknown_words(self, text: str) -> list[str]:
        """The words of `text` that do not reach the vector: not in the table, or too late in the sentence."""
        unknown, counted = [], 0
        for word in WORD.findall(text):
            known = [part for part in ascii_words(word) if part in self._rows]
            if known != [word.lower()] or counted >= self.plan.max_words:
                unknown.append(word.lower())
            counted += len(known)
        return unknown

    def _table_rows(self, texts: Sequence[str]) -> Int64:
        """Rows of the word table, int64 `[N, W]`, filled with 0; W is no more than this batch needs."""
        limit = self.plan.max_words
        known = [[self._rows[word] for word in ascii_words(text) if word in self._rows][:limit] for text in texts]
        width = limit if self.plan.pad_counts else max(1, *map(len, known))
        rows = np.zeros((len(texts), width), np.int64)
        for row, words in zip(rows, known, strict=True):
            row[: len(words)] = words
        return rows

    def _encode_rows(self, rows: Int64) -> Float32:
        embedding, kernel1, bias1, kernel2, bias2 = self.matrices
        # Each word is taken through the first layer once, however often it stands in the batch.
        unique, places = np.unique(rows, return_inverse=True)
        layer1 = np.asarray(embedding[unique], np.float32) @ np.asarray(kernel1, np.float32)
        hidden = np.maximum(layer1 + np.asarray(bias1, np.float32), 0)[places.reshape(rows.shape)]
        if not self.plan.pad_counts:
            only_padding = ~rows.any(axis=1, keepdims=True)
            # Zero is the least that a ReLU gives, so a silenced place never wins.
            hidden *= ((rows != 0) | only_padding)[..., None]
        pooled: Float32 = hidden.max(axis=1)
        vectors: Float32 = pooled @ np.asarray(kernel2, np.float32) + np.asarray(bias2, np.float32)
        return vectors


def check_shapes(words: int, shapes: Sequence[tuple[int, ...]]) -> None:
    """Raises ModelUnavailable unless `[V+1,E]`, `[E,H]`, `[H]`, `[H,D]`, `[D]` follow one another."""
    fits = [len(shape) for shape in shapes] == [2, 2, 1, 2, 1] and (
        shapes[0][0] == words + 1
        and shapes[0][1] == shapes[1][0]
        and shapes[1][1] == shapes[2][0] == shapes[3][0]
        and shapes[3][1] == shapes[4][0]
    )
    if not fits:
        raise ModelUnavailable(
            f"The matrices of a text tower do not fit together: {words} words, {list(shapes)}.",
            "Delete its text_tower folder to use the model's own text signature, or fetch the model again.",
        )


def save_tower(tower: TextTower, folder: Path) -> None:
    """Writes a tower as the folder that `TextTower.load` opens."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in tower.words), encoding="utf-8")
    for name, matrix in zip(MATRICES, tower.matrices, strict=True):
        np.save(folder / f"{name}.npy", matrix)
    plan = {"max_words": tower.plan.max_words, "pad_counts": tower.plan.pad_counts}
    (folder / "plan.json").write_text(json.dumps(plan))
