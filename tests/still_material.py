"""Coloured shapes with captions and made-up teachers, for tests of the training on pictures."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np

from indexer.training.still.images import read_image, square
from indexer.training.still.listing import read_listing
from indexer.training.still.material import FEATURES, PICTURES, SENTENCES, VECTORS
from indexer.training.still.prepare import Added, Texts, prepare
from search.encoders.s3d import S3DConfig
from search.encoders.text_tower import ascii_words

TINY = S3DConfig(
    "tiny", 8, 5.0, 32, 16, 0.125, "space_to_depth", word_dim=8, hidden=16, max_words=8, unit_length=True
)
COLOURS = {"red": (220, 30, 30), "green": (30, 200, 60), "blue": (40, 60, 220), "yellow": (230, 220, 40)}
SHAPES = ("circle", "square", "stripe")


def draw_picture(colour: str, shape: str, rng: np.random.Generator) -> np.ndarray:
    """RGB uint8 `[72, 96, 3]`, no two with one hash."""
    picture = cv2.resize(rng.integers(0, 90, (6, 8, 3), np.uint8), (96, 72), interpolation=cv2.INTER_CUBIC)
    x, y = (int(place) for place in rng.integers((24, 24), (72, 48)))
    if shape == "circle":
        cv2.circle(picture, (x, y), 20, COLOURS[colour], -1)
    elif shape == "square":
        cv2.rectangle(picture, (x - 18, y - 18), (x + 18, y + 18), COLOURS[colour], -1)
    else:
        cv2.rectangle(picture, (0, y - 8), (96, y + 8), COLOURS[colour], -1)
    return picture


def write_pictures(folder: Path, each: int = 3) -> Path:
    """Pictures and their CSV: some captioned, some only labelled, every seventh for measuring."""
    rng = np.random.default_rng(0)
    rows: list[tuple[str, str, str, str]] = []
    names = [(colour, shape) for colour in COLOURS for shape in SHAPES for _ in range(each)]
    for number, (colour, shape) in enumerate(names):
        path = f"{number}.png"
        cv2.imwrite(str(folder / path), draw_picture(colour, shape, rng)[:, :, ::-1])
        if number % 7 == 0:
            rows.append((path, "dev", "", f"only measured: the {colour} {shape}"))
        elif number % 2:
            rows += [
                (path, "train", "", f"a {colour} {shape}"),
                (path, "train", "", f"there is a {shape} that is {colour}"),
            ]
        else:
            rows.append((path, "train", f"{colour} {shape}", ""))
    listing = folder / "pictures.csv"
    with listing.open("w", newline="") as file:
        csv.writer(file).writerows([("path", "split", "label", "caption"), *rows])
    return listing


def prepare_work(folder: Path, drawn: int = 4, crops: int = 1) -> Path:
    """A prepared folder with the answers of two teachers of pictures and one of sentences."""
    images, work = folder / "images", folder / "work"
    images.mkdir(parents=True)
    listing = read_listing(write_pictures(images))
    prepare(TINY, listing, images, work, Texts(["dog"], ["a dog"]), Added(drawn, crops), progress=lambda _: None)
    add_teachers(work, images)
    return work


def add_teachers(work: Path, images: Path) -> None:
    """Features that tell colours and places, and the words of sentences hashed into vectors."""
    listed = json.loads((work / PICTURES).read_text())
    pictures = [(read_image(images / entry["path"]), entry["box"]) for entry in listed]
    small = np.stack(
        [np.zeros((8, 8, 3)) if picture is None else square(picture, 8, box) for picture, box in pictures]
    )
    np.save(work / FEATURES / "pixels.npy", small.reshape(len(small), -1).astype(np.float32))
    np.save(work / FEATURES / "colours.npy", small.mean((1, 2)).astype(np.float16))
    sentences = [sentence for _, sentence in json.loads((work / SENTENCES).read_text())]
    np.save(work / VECTORS, np.stack([sentence_vector(sentence) for sentence in sentences]))


def sentence_vector(sentence: str, length: int = 24) -> np.ndarray:
    """Float32 `[length]`, of unit length: sentences are alike as far as they share words."""
    total = np.zeros(length)
    for word in ascii_words(sentence):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "little")
        total += np.random.default_rng(seed).normal(size=length)
    return (total / max(float(np.linalg.norm(total)), 1e-9)).astype(np.float32)
