"""From a list of pictures to a folder that training reads: pixels, sentences, words, frames of drawn films."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

from indexer.training.drawn import DrawnFilms
from indexer.training.still import material
from indexer.training.still.copies import difference_hash, near_copies, repetitions
from indexer.training.still.images import read_image, square
from indexer.training.still.listing import DROPPED, Picture, save_pictures
from indexer.training.still.sentences import list_sentences, list_words
from search.contracts import Int64, UInt8
from search.encoders.s3d import S3DConfig
from search.errors import UsageError

SIDE = 128
"""Height and width of the kept pictures in pixels."""
FRAMES = 0x7374
OnProgress = Callable[[float], None]
"""Hears the share done, 0..1."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What there is to read beside the captions."""

    words: Sequence[str] = ()
    """Words to know beside those of captions and classes, most important first."""
    sentences: Sequence[str] = ()
    """Sentences without a picture."""


def prepare(
    config: S3DConfig, pictures: Sequence[Picture], images: Path, work: Path, texts: Texts,
    *, drawn: int, progress: OnProgress, seed: int = 8,
) -> dict[str, int]:  # fmt: skip
    """Fills `work` as `material.py` describes it, `drawn` frames of drawn films included; returns what it counted.

    Raises UsageError for a folder that is in use or cannot be written, and where no picture can be read.
    """
    _make_folder(work)
    hashes = _read_pixels(pictures, images, work, lambda share: progress(share * 0.7))
    kept, counts = _drop(pictures, hashes)
    if not any(picture.split == "train" for picture in kept):
        raise UsageError(f"No picture to train on can be read in {images}.", "Name its folder with --images.")
    told = _draw_frames(config, drawn, seed, work, lambda share: progress(0.7 + share * 0.3))
    words = list_words(kept, [caption for captions in told for caption in captions], texts.words)
    sentences = list_sentences(kept, words, texts.sentences, np.random.default_rng([FRAMES, seed]))
    (work / material.DRAWN_CAPTIONS).write_text(json.dumps(told), "utf-8")
    (work / material.WORDS).write_text("".join(f"{word}\n" for word in words), "utf-8")
    (work / material.SENTENCES).write_text(json.dumps(sentences), "utf-8")
    (work / material.CONFIG).write_text(json.dumps(asdict(config)), "utf-8")
    save_pictures(kept, work / material.PICTURES)  # last: a folder with it is whole
    splits = Counter(picture.split for picture in kept)
    return {
        "train": splits["train"], "dev": splits["dev"], **counts, "sentences": len(sentences),
        "words": len(words), "drawn": drawn,
    }  # fmt: skip


def _make_folder(work: Path) -> None:
    if (work / material.PICTURES).exists():
        raise UsageError(f"{work} is prepared already.", "Name another folder with --work.")
    try:
        work.mkdir(parents=True, exist_ok=True)
        (work / material.FEATURES).mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{work} cannot be written: {error.strerror}.", "Name another folder with --work."
        ) from error


def _read_pixels(pictures: Sequence[Picture], images: Path, work: Path, progress: OnProgress) -> list[UInt8 | None]:
    """Writes the pixels of all pictures; returns their hashes, None where one cannot be read."""
    pixels = open_memmap(work / material.PIXELS, "w+", np.uint8, (len(pictures), SIDE, SIDE, 3))
    hashes: list[UInt8 | None] = []
    for number, entry in enumerate(pictures):
        picture = read_image(images / entry.path)
        if picture is not None:
            pixels[number] = square(picture, SIDE)
        hashes.append(None if picture is None else difference_hash(picture))
        progress((number + 1) / len(pictures))
    pixels.flush()
    return hashes


def _drop(pictures: Sequence[Picture], hashes: Sequence[UInt8 | None]) -> tuple[list[Picture], dict[str, int]]:
    """The pictures, those not to be trained on marked: unreadable ones, and copies of others; and how many."""
    readable = [number for number, bits in enumerate(hashes) if bits is not None]
    train = np.array([number for number in readable if pictures[number].split == "train"], np.int64)
    apart = np.array([number for number in readable if pictures[number].split != "train"], np.int64)
    own, others = _stacked(hashes, train), _stacked(hashes, apart)
    copies = {*train[near_copies(own, others)].tolist(), *train[repetitions(own)].tolist()}
    dropped = copies | (set(range(len(pictures))) - set(readable))
    kept = [replace(entry, split=DROPPED) if i in dropped else entry for i, entry in enumerate(pictures)]
    return kept, {"unreadable": len(pictures) - len(readable), "copies": len(copies)}


def _stacked(hashes: Sequence[UInt8 | None], chosen: Int64) -> UInt8:
    return np.array([hashes[number] for number in chosen], np.uint8).reshape(-1, 16)


def _draw_frames(config: S3DConfig, count: int, seed: int, work: Path, progress: OnProgress) -> list[list[str]]:
    """Writes single frames of drawn films; returns the captions of each."""
    films = DrawnFilms(replace(config, frames=1, size=SIDE))
    frames = open_memmap(work / material.DRAWN, "w+", np.uint8, (count, SIDE, SIDE, 3))
    told = []
    for number in range(count):
        example = films.example(np.random.default_rng([FRAMES, seed, number]))
        frames[number] = example.frames[0]
        told.append(list(example.captions))
        progress((number + 1) / count)
    frames.flush()
    return told
