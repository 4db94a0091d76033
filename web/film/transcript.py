"""The part of what is said in a film that a page shows. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from search.catalog.records import Cue

SHOWN = 80
"""Cues at once; a feature film has a few thousand."""
BEFORE = 20
"""Of these, those that were said before the player's second."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Some cues of a film in a row, by time."""

    cues: Sequence[Cue]
    current: int | None
    """Which of them is being said, or was said last."""
    earlier: float | None
    """A second whose transcript shows what was said before these; None where nothing was."""
    later: float | None
    """The same for what is said after them."""


def transcript(cues: Sequence[Cue], second: float) -> Transcript:
    """What is said around a second; `cues` are all of a film, by time."""
    at = bisect_right([cue.start for cue in cues], second) - 1
    begin = max(0, min(at - BEFORE, len(cues) - SHOWN))
    end = min(len(cues), begin + SHOWN)
    return Transcript(
        cues=cues[begin:end],
        current=at - begin if at >= 0 else None,
        earlier=cues[begin - 1].start if begin else None,
        later=cues[end].start if end < len(cues) else None,
    )
