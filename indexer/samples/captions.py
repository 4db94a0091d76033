"""What one might say of a shot: a sentence put together from its script, different at every call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
PACED = 0.8
"""How often it says the pace, where that is not the usual one."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence, and what one learns from it."""

    text: str
    told: frozenset[str]
    """Which of a shot's fields it speaks of."""


def caption_shot(shot: Shot, rng: Rng) -> str:
    """One natural caption in lower case without full stop; it names who, and nearly always what and where."""
    return tell_shot(shot, rng).text


def tell_shot(shot: Shot, rng: Rng, *, complete: bool = False) -> Caption:
    """A caption with what it tells; a `complete` one never leaves out what is done, at what pace, and where."""
    idle = rng.random() < IDLE and not complete
    frame = words.IDLE_FRAME if idle else one_of(rng, words.FRAMES)
    placed = idle or rng.random() >= UNPLACED or complete
    timed = shot.scene not in words.NO_HOUR and rng.random() < TIMED
    moods = words.MOODS[shot.emotion] if rng.random() < MOODED else ()
    after = "{after}" in frame
    names = [_noun_phrase(name, () if after or k else moods, rng) for k, name in enumerate(shot.characters)]
    many = len(names) > 1
    forms, adverb = _doing(shot, rng, complete)
    doing, does, do = (f"{form} {adverb}".rstrip() for form in forms)
    sentence = frame.format(
        who=" and ".join(with_article(name) for name in names),
        bare=" and ".join(names),
        be="are" if many else "is",
        doing=doing,
        does=do if many else does,
        where=one_of(rng, words.PLACES[shot.scene]) if placed else "",
        hour=one_of(rng, words.HOURS[shot.light]) if timed else "",
        after=one_of(rng, words.AFTERWARDS[shot.emotion]) if moods else "",
    )
    told = {
        "characters": True, "activity": not idle, "pace": bool(adverb) and not idle, "scene": placed,
        "emotion": bool(moods), "light": timed and "{hour}" in frame,
    }  # fmt: skip
    return Caption(" ".join(sentence.lstrip(" ,").split()), frozenset(name for name, said in told.items() if said))


def with_article(noun_phrase: str) -> str:
    return f"an {noun_phrase}" if noun_phrase[0] in "aeiou" else f"a {noun_phrase}"


def one_of(rng: Rng, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _doing(shot: Shot, rng: Rng, complete: bool) -> tuple[tuple[str, str, str], str]:
    """The forms of a verb for what is done, and an adverb or nothing."""
    verbs = words.VERBS[shot.activity]
    if shot.pace == "steady" or (rng.random() >= PACED and not complete):
        return one_of(rng, verbs), ""
    return one_of(rng, verbs[: words.PLAIN_VERBS]), one_of(rng, words.PACES[shot.pace])


def _noun_phrase(name: str, moods: Sequence[str], rng: Rng) -> str:
    coat = one_of(rng, words.COATS[name]) if rng.random() < COLOURED else ""
    size = one_of(rng, words.SIZES) if not coat and rng.random() < SIZED else ""
    mood = one_of(rng, moods) if moods else ""
    return " ".join(word for word in (mood, size, coat, one_of(rng, words.NOUNS[name])) if word)
