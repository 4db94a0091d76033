"""What one might say of a shot: a sentence put together from its script, different at every call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from indexer.samples import words
from indexer.samples.script import Shot

Rng = np.random.Generator
T = TypeVar("T")

UNPLACED = 0.06
"""How often a caption leaves out where."""
IDLE = 0.03
"""How often it leaves out what is done."""
MOODED = 0.55
"""How often it says what they feel; below, their colour, their size, the hour."""
COLOURED = 0.25
SIZED = 0.15
TIMED = 0.3


def caption_shot(shot: Shot, rng: Rng) -> str:
    """One natural caption in lower case without full stop; it names who, and nearly always what and where."""
    idle = rng.random() < IDLE
    frame = words.IDLE_FRAME if idle else _one(rng, words.FRAMES)
    placed = idle or rng.random() >= UNPLACED
    timed = shot.scene not in words.NO_HOUR and rng.random() < TIMED
    moods = words.MOODS[shot.emotion] if rng.random() < MOODED else ()
    after = "{after}" in frame
    names = [_noun_phrase(name, () if after or k else moods, rng) for k, name in enumerate(shot.characters)]
    many = len(names) > 1
    doing, does, do = _one(rng, words.VERBS[shot.activity])
    sentence = frame.format(
        who=" and ".join(_with_article(name) for name in names),
        bare=" and ".join(names),
        be="are" if many else "is",
        doing=doing,
        does=do if many else does,
        where=_one(rng, words.PLACES[shot.scene]) if placed else "",
        hour=_one(rng, words.HOURS[shot.light]) if timed else "",
        after=_one(rng, words.AFTERWARDS[shot.emotion]) if moods else "",
    )
    return " ".join(sentence.lstrip(" ,").split())


def all_words() -> set[str]:
    """Every lower-case word that captions may use."""
    tables: Iterable[str] = [
        *_flat(words.NOUNS.values()), *_flat(words.COATS.values()), *words.SIZES, *_flat(words.PLACES.values()),
        *_flat(words.MOODS.values()), *_flat(words.AFTERWARDS.values()), *_flat(words.HOURS.values()),
        *(form for verbs in words.VERBS.values() for verb in verbs for form in verb),
        *(re.sub(r"{\w+}", "", frame) for frame in words.FRAMES), "a an and is are",
    ]  # fmt: skip
    return {word for text in tables for word in re.findall(r"[a-z]+", text)}


def _noun_phrase(name: str, moods: Sequence[str], rng: Rng) -> str:
    coat = _one(rng, words.COATS[name]) if rng.random() < COLOURED else ""
    size = _one(rng, words.SIZES) if not coat and rng.random() < SIZED else ""
    mood = _one(rng, moods) if moods else ""
    return " ".join(word for word in (mood, size, coat, _one(rng, words.NOUNS[name])) if word)


def _with_article(noun_phrase: str) -> str:
    return f"an {noun_phrase}" if noun_phrase[0] in "aeiou" else f"a {noun_phrase}"


def _one(rng: Rng, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _flat(rows: Iterable[Iterable[str]]) -> list[str]:
    return [text for row in rows for text in row]
