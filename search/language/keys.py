"""The keys of the query language, `in:` and the like. The kinds of tags are keys too; the library knows those."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

KeyKind = Literal["filter", "said", "like"]


@dataclass(frozen=True, slots=True)
class Key:
    """A word that gives what follows its colon a meaning."""

    name: str
    kind: KeyKind
    """A filter leaves videos or parts of them out; the others say what a moment is."""
    example: str
    """A value that it takes."""
    meaning: str
    """For a person, in a few words."""
    other_names: tuple[str, ...] = ()
    """What people write instead; they are told its name."""


KEYS = {
    key.name: key
    for key in (
        Key("said", "said", '"good morning"', "words that are said", ("say", "says", "quote", "spoken")),
        Key("like", "like", "123", "a clip by its number, or a picture"),
        Key("in", "filter", "holiday/", "videos below a folder", ("folder",)),
        Key("name", "filter", "*beach*", "videos by their file name", ("title",)),
        Key("before", "filter", "10:00", "moments that end before a time of the film"),
        Key("after", "filter", "1:30", "moments that begin after a time of the film"),
        Key("longer", "filter", "30s", "videos that last longer"),
        Key("shorter", "filter", "2m", "videos that are shorter"),
        Key("on", "filter", "2026-05", "videos taken on a day, in a month or a year"),
        Key("since", "filter", "2026-05-03", "videos taken then or later"),
        Key("until", "filter", "2026-05", "videos taken then or earlier"),
    )
}


OTHER_NAMES = {other: key.name for key in KEYS.values() for other in key.other_names}


def near_key(word: str, known: Iterable[str]) -> str | None:
    """The key that `word` is a slip of, if any.

    One has a letter too many, too few, or two exchanged; a long word may have another letter, in a short one that
    makes another word (`bike`, `like`). Words of fewer than four letters are near to nothing.
    """
    if len(word) < 4:
        return None
    names = [name for name in known if abs(len(name) - len(word)) <= 2]
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.8)
    return near[0] if near else next((name for name in names if sorted(name) == sorted(word)), None)
