"""When each character, expression and activity of a film is seen. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from classifiers.screen_time import KIND, CharacterTime, Together, screen_time
from search.catalog.records import Segment

HEADINGS = {KIND: "Characters", "emotion": "Expressions", "activity": "Activities"}
"""Of the kinds of tags that come first, in this order."""
SAME = 0.25
"""Seconds before and after a beginning within which a person is there already."""


@dataclass(frozen=True, slots=True)
class Appearances:
    """All labels of one kind in one film, the longest seen first."""

    kind: str
    heading: str
    labels: tuple[CharacterTime, ...]
    together: tuple[Together, ...]
    """Of characters, who shares the screen with whom."""


def appearances(segments: Iterable[Segment], duration: float) -> list[Appearances]:
    """The labels of a film of `duration` > 0 seconds, by kind; characters first."""
    by_kind: dict[str, list[Segment]] = {kind: [] for kind in HEADINGS}
    for segment in segments:
        by_kind.setdefault(segment.kind, []).append(replace(segment, kind=KIND))
    found = []
    for kind, of_kind in by_kind.items():
        told = screen_time(of_kind, duration)
        if told.characters:
            together = told.together if kind == KIND else ()
            heading = HEADINGS.get(kind, kind.capitalize())
            found.append(Appearances(kind, heading, told.characters, together))
    return found


def next_start(one: CharacterTime, second: float) -> float | None:
    """When it is seen next after a second."""
    starts = [start for start, _ in one.ranges]
    at = bisect_right(starts, second + SAME)
    return starts[at] if at < len(starts) else None


def previous_start(one: CharacterTime, second: float) -> float | None:
    """When it began to be seen last before a second."""
    starts = [start for start, _ in one.ranges]
    at = bisect_left(starts, second - SAME)
    return starts[at - 1] if at else None
