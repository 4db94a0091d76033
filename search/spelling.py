"""Slips of the keyboard: for a rare word the most used of those one slip away (Norvig, How to Write a Spelling
Corrector, 2007).

A slip can be a word that the encoder knows: `mini` was taught `dogg` and `teh` too, out of a list and without a
picture. Its list is in order, the words of captions first, by how often they are used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib.resources import files
from string import ascii_lowercase

from search.language.tokens import read_tokens

WORDS = "encoders/models/mini/text_tower/words.txt"
USUAL = 20_000
"""Words from the head of the list that are no slip."""
MEANT, MEANT_BY_WORD = 2_000, 200
"""Words from there that may have been meant by what is no word, and by a rare word: `stag` is no slip of `stage`."""
SHORTEST, SHORTEST_CHANGED = 4, 5
"""Letters of a word that may have one too many or too few, and another one: fewer make other words (`bat`, `hat`)."""
_WORD = re.compile(r"(?<![\w'])[A-Za-z]{3,20}(?![\w'])")
"""A word that may have a slip: a longer one would have too many that are one away."""


def respelled_line(line: str, kinds: Collection[str], unknown: Collection[str]) -> str | None:
    """A line of the query language with its plain words as they were meant; None where there is no slip in them.

    `kinds` are the kinds of tags of the library; `unknown` are the words that the encoder does not know, lower-cased.
    One of them that is no slip is a name or of another language: then nobody can tell what is meant.
    """
    parts, at = [], 0
    for token in read_tokens(line, kinds):
        if token.kind == "text":
            parts += [line[at : token.start], _without_slips(token.raw)]
            at = token.end
    return _if_meant("".join([*parts, line[at:]]), line, unknown)


def respelled(text: str, unknown: Collection[str]) -> str | None:
    """The same for a text without keys."""
    return _if_meant(_without_slips(text), text, unknown)


def _if_meant(meant: str, written: str, unknown: Collection[str]) -> str | None:
    places = _places()
    left = (word for word in re.findall(r"[\w']+", meant.lower()) if word in unknown and word not in places)
    return None if meant == written or any(left) else meant


def _without_slips(text: str) -> str:
    return _WORD.sub(lambda found: _meant(found[0].lower()) or found[0], text)


def _meant(word: str) -> str | None:
    """The common word that this one is a slip of, if any."""
    places = _places()
    place = places.get(word, len(places))
    if place < USUAL:
        return None
    end = MEANT_BY_WORD if word in places else MEANT
    near = [other for other in set(_one_slip_away(word)) if places.get(other, end) < end]
    return min(near, key=places.__getitem__, default=None)


def _one_slip_away(word: str) -> Iterator[str]:
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    if len(word) >= SHORTEST:
        yield from (left + right[1:] for left, right in halves if right)
        yield from (left + letter + right for left, right in halves for letter in ascii_lowercase)
    if len(word) >= SHORTEST_CHANGED:
        yield from (left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase)


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    """The place of each word in the list, from 0."""
    words = files("search").joinpath(WORDS).read_text("utf-8").split()
    return {word: place for place, word in enumerate(words)}
