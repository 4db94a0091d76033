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
from indexer.training.still.crops import Crop
from indexer.training.still.images import read_image, square
from indexer.training.still.listing import DROPPED, Box, Picture, save_pictures
from indexer.training.still.sentences import list_sentences, list_words
from search.contracts import Int64, UInt8
from search.encoders.s3d import S3DConfig
from search.errors import UsageError

PART = Crop(area=(0.22, 1.0), whole=0.1)
"""What a teacher is asked about beside the whole picture."""
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


@dataclass(frozen=True, slots=True)
class Added:
    """What there is beside whole pictures."""

    drawn: int = 0
    """Frames of drawn films."""
    crops: int = 0
    """Parts of each picture to train on, which are pictures of their own behind all whole ones."""
    seed: int = 8


def prepare(
    config: S3DConfig, pictures: Sequence[Picture], images: Path, work: Path, texts: Texts, added: Added,
    *, progress: OnProgress,
) -> dict[str, int]:  # fmt: skip
    """Fills `work` as `material.py` describes it, and returns what it counted.

    Raises UsageError for a folder that is in use or cannot be written, and where no picture can be read.
    """
    _make_folder(work)
    parts = cut(pictures, added.crops, np.random.default_rng([FRAMES, added.seed]))
    hashes = _read_pixels(pictures, parts, images, work, lambda share: progress(share * 0.7))
    kept, counts = _drop(pictures, hashes)
    if not any(picture.split == "train" for picture in kept):
        raise UsageError(f"No picture to train on can be read in {images}.", "Name its folder with --images.")
    told = _draw_frames(config, added, work, lambda share: progress(0.7 + share * 0.3))
    words = list_words(kept, [caption for captions in told for caption in captions], texts.words)
    sentences = list_sentences(kept, words, texts.sentences, np.random.default_rng([FRAMES, added.seed]))
    (work / material.DRAWN_CAPTIONS).write_text(json.dumps(told), "utf-8")
    (work / material.WORDS).write_text("".join(f"{word}\n" for word in words), "utf-8")
    (work / material.SENTENCES).write_text(json.dumps(sentences), "utf-8")
    (work / material.CONFIG).write_text(json.dumps(asdict(config)), "utf-8")
    cut_out = [replace(part, split=kept[whole].split) for whole, part in parts]
    save_pictures([*kept, *cut_out], work / material.PICTURES)  # last: a folder with it is whole
    splits = Counter(picture.split for picture in kept)
    crops = sum(part.split == "train" for part in cut_out)
    return {
        "train": splits["train"], "dev": splits["dev"], "crops": crops, **counts, "sentences": len(sentences),
        "words": len(words), "drawn": added.drawn,
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


def cut(pictures: Sequence[Picture], crops: int, rng: np.random.Generator) -> list[tuple[int, Picture]]:
    """`crops` parts of each picture to train on, with the number of the picture, in its order."""
    return [
        (number, replace(whole, box=PART.box(rng)))
        for number, whole in enumerate(pictures)
        if whole.split == "train"
        for _ in range(crops)
    ]


def _read_pixels(
    pictures: Sequence[Picture], parts: Sequence[tuple[int, Picture]], images: Path, work: Path, progress: OnProgress
) -> list[UInt8 | None]:
    """Writes the pixels of all pictures, then of all parts; returns the pictures' hashes, None where unreadable."""
    pixels = open_memmap(work / material.PIXELS, "w+", np.uint8, (len(pictures) + len(parts), SIDE, SIDE, 3))
    hashes: list[UInt8 | None] = []
    of_picture: dict[int, list[tuple[int, Box | None]]] = {}
    for row, (number, part) in enumerate(parts, len(pictures)):
        of_picture.setdefault(number, []).append((row, part.box))
    for number, entry in enumerate(pictures):
        picture = read_image(images / entry.path)
        if picture is not None:
            for row, box in [(number, None), *of_picture.get(number, [])]:
                pixels[row] = square(picture, SIDE, box)
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


def _draw_frames(config: S3DConfig, added: Added, work: Path, progress: OnProgress) -> list[list[str]]:
    """Writes single frames of drawn films; returns the captions of each."""
    films = DrawnFilms(replace(config, frames=1, size=SIDE))
    frames = open_memmap(work / material.DRAWN, "w+", np.uint8, (added.drawn, SIDE, SIDE, 3))
    told = []
    for number in range(added.drawn):
        example = films.example(np.random.default_rng([FRAMES, added.seed, number]))
        frames[number] = example.frames[0]
        told.append(list(example.captions))
        progress((number + 1) / added.drawn)
    frames.flush()
    return told
