"""Who is on screen, for how long, and with whom: from segments to figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from search.catalog.records import Segment

KIND = "character"
Range = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True)
class CharacterTime:
    """One character in one film."""

    label: str
    seconds: float
    share: float
    """Of the film, 0..1."""
    ranges: tuple[Range, ...]
    """In order; none touches the next."""
    longest: float
    """Seconds of the longest range."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two characters who share the screen."""

    labels: tuple[str, str]
    """In alphabetical order."""
    seconds: float


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """Both lists are ordered by seconds, the longest first."""

    duration: float
    """Seconds of film."""
    characters: tuple[CharacterTime, ...]
    together: tuple[Together, ...]

    def to_document(self) -> dict[str, Any]:
        """For JSON; seconds to the millisecond."""
        return {
            "duration": round(self.duration, 3),
            "characters": [
                {
                    "label": one.label,
                    "seconds": round(one.seconds, 3),
                    "share": round(one.share, 4),
                    "ranges": [[round(start, 3), round(end, 3)] for start, end in one.ranges],
                    "longest": round(one.longest, 3),
                }
                for one in self.characters
            ],
            "together": [{"labels": list(two.labels), "seconds": round(two.seconds, 3)} for two in self.together],
        }


def screen_time(segments: Iterable[Segment], duration: float) -> ScreenTime:
    """The figures of one film of `duration` seconds; segments of other kinds are passed over.

    What lies outside the film does not count, nor is time counted twice where segments of one character overlap.
    """
    spans: dict[str, list[Range]] = {}
    for segment in segments:
        if segment.kind == KIND:
            spans.setdefault(segment.label, []).append((max(0.0, segment.start), min(duration, segment.end)))
    merged = {label: union(ranges) for label, ranges in spans.items()}
    characters = [_character(label, ranges, duration) for label, ranges in merged.items() if ranges]
    pairs = (
        Together((one, other), total(intersection(merged[one], merged[other])))
        for one, other in combinations(sorted(merged), 2)
    )
    return ScreenTime(
        duration,
        tuple(sorted(characters, key=lambda one: (-one.seconds, one.label))),
        tuple(sorted((pair for pair in pairs if pair.seconds), key=lambda pair: (-pair.seconds, pair.labels))),
    )


def union(ranges: Iterable[Range]) -> list[Range]:
    """The same time in ranges that are in order and apart; empty ones are left out."""
    merged: list[Range] = []
    for start, end in sorted(span for span in ranges if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def intersection(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    """The time that is in both; each must be in order and apart, as `union` gives them."""
    shared: list[Range] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            shared.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return shared


def total(ranges: Iterable[Range]) -> float:
    """Seconds of ranges that are apart."""
    return sum(end - start for start, end in ranges)


def _character(label: str, ranges: Sequence[Range], duration: float) -> CharacterTime:
    seconds = total(ranges)
    return CharacterTime(label, seconds, seconds / duration, tuple(ranges), max(end - start for start, end in ranges))
