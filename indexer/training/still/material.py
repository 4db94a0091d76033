"""The folder that a training on pictures works in.

    pictures.json  pixels.npy    what is listed, and RGB uint8 `[N, 128, 128, 3]`, in one order
    sentences.json words.txt     [kind, sentence], and the vocabulary
    drawn.npy      drawn.json    frames of drawn films uint8 `[D, 128, 128, 3]`, and the captions of each
    config.json                  the sizes of the network
    features/*.npy               what teachers say of each picture or crop of one, `[N, F]`
    vectors.npy                  what a teacher says of each sentence, `[S, E]`

`prepare.py` writes all but the last two, which a person brings; each further step adds files of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.training.still.listing import Picture, load_pictures
from indexer.training.still.sentences import DEV
from search.contracts import Int64, UInt8
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig
from search.errors import UsageError

PICTURES, PIXELS, SENTENCES, WORDS = "pictures.json", "pixels.npy", "sentences.json", "words.txt"
DRAWN, DRAWN_CAPTIONS, CONFIG = "drawn.npy", "drawn.json", "config.json"
FEATURES, VECTORS = "features", "vectors.npy"


class Material:
    """What `prepare` wrote."""

    def __init__(self, work: Path) -> None:
        """Raises UsageError for a folder that was not prepared."""
        self.work = work
        try:
            self.config = S3DConfig(**json.loads((work / CONFIG).read_text("utf-8")))
            self.pictures: Sequence[Picture] = load_pictures(work / PICTURES)
            self.pixels: UInt8 = np.load(work / PIXELS, mmap_mode="r")
            listed = json.loads((work / SENTENCES).read_text("utf-8"))
            self.words: list[str] = (work / WORDS).read_text("utf-8").split()
            self.drawn: UInt8 = np.load(work / DRAWN, mmap_mode="r")
            told: list[list[str]] = json.loads((work / DRAWN_CAPTIONS).read_text("utf-8"))
        except (OSError, ValueError, TypeError, KeyError, EOFError) as error:
            raise UsageError(
                f"{work} holds no prepared pictures: {error}.", "Run `vsearch train pictures prepare` first."
            ) from error
        self.kinds = np.array([kind for kind, _ in listed])
        self.sentences: list[str] = [sentence for _, sentence in listed]
        self.row = {sentence: row for row, sentence in enumerate(self.sentences)}
        vocabulary = Vocabulary(self.words, self.config.max_words)
        self.tokens = vocabulary.tokens(self.sentences)
        """Word numbers int32 `[S, W]`."""
        each = len(told[0]) if told else 1
        spoken = vocabulary.tokens([caption for captions in told for caption in captions])
        self.drawn_tokens = spoken.reshape(len(told), each, self.config.max_words)
        """Word numbers of the drawn frames' captions, int32 `[D, K, W]`."""
        splits = np.array([picture.split for picture in self.pictures])
        self.train = np.flatnonzero(splits == "train")
        self.dev = np.flatnonzero(splits == "dev")
        self.parts = np.flatnonzero([picture.box is not None for picture in self.pictures])
        """Rows of the pictures that are crops of others."""

    @property
    def taught_sentences(self) -> Int64:
        """Rows of the sentences that may be trained on and have a known word."""
        return np.flatnonzero((self.kinds != DEV) & self.tokens.any(axis=1))

    def rows_of(self, sentences: Sequence[str]) -> list[int]:
        """Rows of those sentences that may be trained on."""
        rows = (self.row.get(sentence) for sentence in sentences)
        return [row for row in rows if row is not None and self.kinds[row] != DEV]

    def dev_captions(self) -> tuple[Int64, Int64]:
        """Rows of the dev sentences int `[Q]`, and which of `dev` each speaks of."""
        spoken = (self.pictures[row].captions for row in self.dev.tolist())
        pairs = [(self.row[caption], i) for i, captions in enumerate(spoken) for caption in captions]
        rows, truth = np.array(pairs, np.int64).reshape(-1, 2).T
        return rows, truth

    def vectors(self) -> NDArray[np.floating]:
        """What the teacher says of each sentence, `[S, E]`. Raises UsageError where it does not fit."""
        return read_rows(self.work / VECTORS, len(self.sentences), SENTENCES)


def read_rows(path: Path, count: int, of: str) -> NDArray[np.floating]:
    """An array `[count, anything]` that a person brought; stays on disk until used. Raises UsageError."""
    try:
        found: NDArray[np.floating] = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", f"Write there a row for each entry of {of}.") from error
    if found.ndim != 2 or len(found) != count or found.dtype.kind != "f":
        raise UsageError(
            f"{path} is {found.dtype} {list(found.shape)}.",
            f"It needs floating-point numbers, a row for each of the {count} entries of {of} in their order.",
        )
    return found
