"""Cues made fit for keeping: within the film, in order, each said once (pure)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from search.catalog.records import Cue

AGAIN = 0.5
"""Seconds. The same words within so little of each other are the same cue."""


def tidy(cues: Iterable[Cue], duration: float) -> list[Cue]:
    """Cues of one film of `duration` seconds, by time.

    What reaches beyond the film is cut to it; what is then of no length, or has no words, is dropped. The same words
    at the same time are one cue, whatever files they came from. Lines that a cue repeats from the one before it, as
    captions that roll upwards do, are left out.
    """
    inside = [_within(cue, duration) for cue in cues if math.isfinite(cue.start) and math.isfinite(cue.end)]
    kept: list[Cue] = []
    last: dict[str, int] = {}  # words to their place in `kept`
    for cue in _unrolled(sorted(inside, key=lambda cue: (cue.start, cue.end))):
        at = last.get(cue.words)
        if at is not None and cue.start <= kept[at].end + AGAIN:
            known = kept[at]
            kept[at] = Cue(known.start, max(known.end, cue.end), known.words, known.source)
        elif cue.words and cue.end > cue.start:
            last[cue.words] = len(kept)
            kept.append(cue)
    return kept


def _within(cue: Cue, duration: float) -> Cue:
    return Cue(max(cue.start, 0.0), min(cue.end, duration), cue.words, cue.source)


def _unrolled(cues: Iterable[Cue]) -> Iterable[Cue]:
    """Without the first lines that are the last lines of the cue of that file just before."""
    before: dict[str, Cue] = {}
    for cue in cues:
        previous = before.get(cue.source)
        before[cue.source] = cue
        if previous and previous.words != cue.words and cue.start <= previous.end + AGAIN:
            yield Cue(cue.start, cue.end, _new_lines(previous.words.split("\n"), cue.words.split("\n")), cue.source)
        else:
            yield cue


def _new_lines(before: list[str], now: list[str]) -> str:
    longest = min(len(before), len(now))
    repeated = next((count for count in range(longest, 0, -1) if before[-count:] == now[:count]), 0)
    return "\n".join(now[repeated:])
