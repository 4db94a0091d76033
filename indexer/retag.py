"""Segments made anew from the tracks that are stored: nothing is decoded, a short transaction a video.

The library remembers by which rules its segments were made. A run that is interrupted leaves some videos tagged by
the old rules and some by the new; that is remembered too, and the next run does them all.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.segments import Rule, find_segments
from indexer.recipe import without_parts
from indexer.rules import change_rules
from search.catalog.hand import CHARACTER
from search.catalog.records import Segment, Track
from search.catalog.store import Catalog

TAGGED = "tagged"
"""Under this key the library remembers by which rules its segments are made: JSON, by kind; null while changing."""


@dataclass(frozen=True, slots=True)
class Retagged:
    """What was done."""

    videos: int
    segments: int
    interrupted: bool = False


def segments_of(tracks: Iterable[Track], rules: Mapping[str, Rule], duration: float) -> list[Segment]:
    """The segments of a film of `duration` seconds; tracks of a kind without a rule give none."""
    return [
        segment
        for track in tracks
        if track.kind in rules
        for segment in find_segments(track, rules[track.kind], duration)
    ]


def retag(
    catalog: Catalog, rules: Mapping[str, Rule], *, every: bool = False, interrupted: Callable[[], bool]
) -> Retagged:
    """Brings all segments into agreement with `rules`; kinds without a rule lose theirs, but keep their tracks.

    Only kinds whose rule has changed since are looked at, or all of them with `every`.
    """
    tagged = _read(catalog)
    wanted = {kind: dataclasses.asdict(rule) for kind, rule in rules.items()}
    changed = {kind for kind in {*tagged, *wanted} if every or tagged.get(kind) != wanted.get(kind)}
    if not changed:
        return Retagged(0, 0)
    _write(catalog, tagged | dict.fromkeys(changed))
    videos = segments = 0
    for video in catalog.tracked(changed):
        if interrupted():
            return Retagged(videos, segments, interrupted=True)
        made = segments_of(catalog.tracks(video.id, changed), rules, video.duration)
        catalog.replace_segments(video.id, changed, made)
        videos, segments = videos + 1, segments + len(made)
    _write(catalog, wanted)
    return Retagged(videos, segments)


def tag_again(
    catalog: Catalog, said: Sequence[str], *, reset: bool, interrupted: Callable[[], bool]
) -> tuple[Retagged, dict[str, Rule]]:
    """Changes rules as `change_rules` does and makes all segments anew; what was done, and the rules of all kinds.

    To be called under the indexing lock. Raises UsageError.
    """
    rules = change_rules(catalog, said, reset=reset)
    catalog.bridge_characters(rules[CHARACTER].max_gap)
    used = {kind: rules[kind] for kind in _read(catalog) if kind in rules}
    return retag(catalog, used, every=True, interrupted=interrupted), rules


def forget_kinds(catalog: Catalog, kinds: Collection[str], *, interrupted: Callable[[], bool]) -> None:
    """Drops all that classifiers of these kinds have ever said."""
    for video in catalog.tracked(kinds):
        if interrupted():
            return
        catalog.forget_tracks(video.id, without_parts(video.recipe, kinds), kinds)


def _read(catalog: Catalog) -> dict[str, Any]:
    tagged: dict[str, Any] = json.loads(catalog.meta(TAGGED) or "{}")
    return tagged


def _write(catalog: Catalog, tagged: Mapping[str, Any]) -> None:
    catalog.set_meta(**{TAGGED: json.dumps(tagged)})
