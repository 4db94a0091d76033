"""The sentences that a teacher is asked about, and the words the text tower will know. Pure.

Captions and class names alone would leave most words without a place; so single words, made phrases and pieces of
captions are taught as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from indexer.training.still.listing import Picture
from search.encoders.text_tower import ascii_words

DEV = "dev"
"""The kind of sentences that are measured with, and never trained on."""
PHRASES = ("{}", "a photo of a {}", "a {}", "a picture of {}")
"""How a class is named where pictures are told apart by their classes."""
MORE_PHRASES = ("{} in a video", "someone with a {}", "a close-up of a {}")
AROUND_WORDS = (
    "a {}",
    "the {}",
    "{} outside",
    "a man {}",
    "people {}",
    "a video of {}",
    "there is a {}",
    "a {} person",
)
PHRASED_WORDS = 15_000
PIECES = 40_000
JOINTS = ("and", "with", "near", "in")
TWICE = 2
"""A word of captions that nobody lists must occur so often, or it is a slip."""


def list_words(pictures: Sequence[Picture], texts: Iterable[str], listed: Sequence[str]) -> list[str]:
    """The vocabulary, most important first: words of training captions, classes and `texts`; then those listed."""
    training = [picture for picture in pictures if picture.split == "train"]
    spoken = [caption for picture in training for caption in picture.captions]
    counts = Counter(word for text in [*spoken, *texts] for word in ascii_words(text))
    names = [word for picture in training for word in ascii_words(picture.label)]
    known = {word for entry in listed for word in ascii_words(entry)} | set(names)
    own = [word for word, count in counts.most_common() if count >= TWICE or word in known]
    return list(dict.fromkeys([*own, *names, *(word for entry in listed for word in ascii_words(entry))]))


def list_sentences(
    pictures: Sequence[Picture], words: Sequence[str], texts: Sequence[str], rng: np.random.Generator
) -> list[tuple[str, str]]:
    """Kind and sentence, none twice: dev, caption, word, label, phrase, text, piece. What dev says is dev's alone."""
    said: dict[str, list[str]] = {"train": [], "dev": []}
    for picture in pictures:
        said.get(picture.split, []).extend(picture.captions)
    labels = sorted({picture.label for picture in pictures if picture.label and picture.split == "train"})
    kinds: dict[str, str] = {}
    for kind, sentences in (
        (DEV, said["dev"]),
        ("caption", said["train"]),
        ("word", words),
        ("label", [phrase.format(label) for label in labels for phrase in (*PHRASES, *MORE_PHRASES)]),
        ("phrase", [str(rng.choice(AROUND_WORDS)).format(word) for word in words[:PHRASED_WORDS]]),
        ("text", texts),
        ("piece", pieces(said["train"], PIECES, rng)),
    ):
        for sentence in sentences:
            kinds.setdefault(sentence, kind)
    return [(kind, sentence) for sentence, kind in kinds.items()]


def pieces(captions: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Runs of 2 to 7 words of captions, and now and then short runs of two captions joined."""
    if not captions:
        return []
    made = []
    for _ in range(count):
        piece = _run(captions, rng)
        if rng.random() < 0.3:
            piece = [*piece[:4], str(rng.choice(JOINTS)), *_run(captions, rng)[:4]]
        made.append(" ".join(piece))
    return made


def _run(captions: Sequence[str], rng: np.random.Generator) -> list[str]:
    words = ascii_words(captions[int(rng.integers(len(captions)))])
    length = int(rng.integers(2, 8))
    start = int(rng.integers(max(len(words) - length, 0) + 1))
    return words[start : start + length]
