"""Filters, facets and the tags of a hit agree with reading every segment by hand; tracks come back as they were."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.registry import default_rules
from classifiers.segments import Rule, find_segments
from search.catalog.filters import ClipFilter
from search.catalog.records import ClipRecord, Facet, Segment, Track
from search.catalog.store import Catalog
from search.language.tree import AnyOf, Scope, TagTest
from search.library import Library
from tests.library_fixtures import CLIP_SECONDS, add_film, make_library

LABELS = {"emotion": ("happy", "sad"), "character": ("tom", "jerry")}
EVERY_TAG = [(kind, label) for kind, labels in LABELS.items() for label in labels]
RULES = {kind: replace(rule, smooth=1.0, min_seconds=0.0) for kind, rule in default_rules().items()}
HAPPY, SAD = ("emotion", "happy"), ("emotion", "sad")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path) as opened:
        yield opened


def random_film(library: Library, seed: int) -> None:
    """A film of up to eight clips whose segments come from random tracks, by the rules."""
    rng = np.random.default_rng(seed)
    clips = int(rng.integers(1, 9))
    segments = []
    for kind, labels in LABELS.items():
        scores = np.repeat(rng.random((8, 2)), 4, axis=0)[: round(clips * CLIP_SECONDS / 0.5)]
        track = Track(kind, labels, "fp", 0.5, 0.5, scores.astype(np.float32))
        segments += find_segments(track, RULES[kind], clips * CLIP_SECONDS)
    add_film(library, f"{seed}.mp4", ["red"] * clips, segments=segments)


@st.composite
def tag_tests(draw: st.DrawFn) -> TagTest:
    kind = draw(st.sampled_from(sorted(LABELS)))
    labels = draw(st.lists(st.sampled_from(LABELS[kind]), min_size=1, max_size=2, unique=True))
    return TagTest(kind, tuple(labels), draw(st.sampled_from(["all", "any", "only", "none"])))


Scopes = st.builds(
    Scope,
    names=st.sampled_from([(), (), ("1",), ("*2*", "?.mp4")]),
    after=st.sampled_from([None, None, 1.6, 2.0]),
    before=st.sampled_from([None, None, 8.0]),
    longer=st.sampled_from([None, None, 5.0]),
)
Filters = st.builds(
    ClipFilter,
    tags=st.lists(st.builds(AnyOf, st.lists(tag_tests(), min_size=1, max_size=2).map(tuple)), max_size=3).map(tuple),
    scope=Scopes,
    min_seconds=st.sampled_from([0.0, 0.5, 2.0, 3.5]),
)


def holds(test: TagTest, tags: set[tuple[str, str]]) -> bool:
    labels, wanted = {label for kind, label in tags if kind == test.kind}, set(test.labels)
    return {
        "all": wanted <= labels,
        "any": bool(wanted & labels),
        "only": wanted == labels,
        "none": not wanted & labels,
    }[test.mode]


def within(scope: Scope, clip: ClipRecord, duration: float) -> bool:
    patterns = [name if set("*?") & set(name) else f"*{name}*" for name in scope.names]
    return (
        (not patterns or any(fnmatch(clip.title, pattern) for pattern in patterns))
        and clip.start >= (scope.after or 0) - 1e-6
        and clip.end <= (scope.before or 1e9) + 1e-6
        and duration >= (scope.longer or 0)
    )


def by_hand(catalog: Catalog, wanted: ClipFilter) -> tuple[list[int], list[Facet]]:
    """The clips a filter leaves, and their facets, from nothing but the rows."""
    clips = catalog.clips(catalog.clip_ids().tolist())
    durations = {video.id: video.facts.duration for video in catalog.videos()}
    long_enough = {
        video: [one for one in catalog.segments(video) if one.end - one.start >= wanted.min_seconds - 1e-6]
        for video in durations
    }
    meets = {
        clip.id: [one for one in long_enough[clip.video_id] if one.start < clip.end and one.end > clip.start]
        for clip in clips.values()
    }
    tags = {clip_id: {(one.kind, one.label) for one in found} for clip_id, found in meets.items()}
    left = [
        i
        for i, clip in sorted(clips.items())
        if all(any(holds(test, tags[i]) for test in one.tests) for one in wanted.tags)
        and within(wanted.scope, clip, durations[clip.video_id])
    ]
    facets = []
    for kind, label in EVERY_TAG:
        having = [i for i in left if (kind, label) in tags[i]]
        seen = {
            (clips[i].video_id, one) for i in having for one in meets[i] if (one.kind, one.label) == (kind, label)
        }
        if having:
            videos = len({clips[i].video_id for i in having})
            facets.append(Facet(kind, label, videos, len(having), sum(one.end - one.start for _, one in seen)))
    return left, facets


@pytest.mark.slow
@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=3, unique=True), st.lists(Filters, min_size=6, max_size=6)
)
@settings(max_examples=15)
def test_filters_and_facets_agree_with_reading_the_segments(seeds: list[int], asked: list[ClipFilter]) -> None:
    with tempfile.TemporaryDirectory() as folder, make_library(Path(folder)) as library:
        for seed in seeds:
            random_film(library, seed)
        for wanted in asked:
            left, facets = by_hand(library.catalog, wanted)
            assert library.catalog.clip_ids_with(wanted).tolist() == left
            found = library.catalog.facets(wanted)
            assert {(f.kind, f.label, f.videos, f.clips) for f in found} == {
                (f.kind, f.label, f.videos, f.clips) for f in facets
            }
            lasting = {(f.kind, f.label): f.seconds for f in facets}
            assert {(f.kind, f.label): f.seconds for f in found} == pytest.approx(lasting)


def test_all_tags_any_tag_and_length_narrow_as_they_say(library: Library) -> None:
    segments = [
        Segment(*HAPPY, 0.0, 2.0, 0.9),
        Segment("character", "dog", 1.7, 3.2, 0.8),
        Segment(*SAD, 3.3, 4.0, 0.7),
    ]
    add_film(library, "x.mp4", ["red", "blue", "green"], segments=segments)
    first, second, third = library.catalog.clip_ids().tolist()
    dog = ("character", "dog")

    def left(*conditions: list[tuple[str, str]], min_seconds: float = 0.0) -> list[int]:
        tags = tuple(AnyOf(tuple(TagTest(kind, (label,)) for kind, label in one)) for one in conditions)
        return library.catalog.clip_ids_with(ClipFilter(tags, min_seconds=min_seconds)).tolist()

    assert left([HAPPY]) == [first, second]
    assert left([HAPPY], [dog]) == [second]
    assert left([HAPPY, SAD]) == [first, second, third]
    assert left([HAPPY, SAD], min_seconds=1.0) == [first, second]
    assert left([("emotion", "angry")]) == []


def test_hidden_kinds_are_nowhere(library: Library) -> None:
    add_film(library, "x.mp4", ["red"], segments=[Segment(*HAPPY, 0, 1, 0.9), Segment("character", "dog", 0, 1, 0.8)])
    catalog = library.catalog
    assert catalog.tags(hidden={"emotion"}) == [("character", "dog")]
    assert [facet.kind for facet in catalog.facets(ClipFilter(), {"emotion"})] == ["character"]
    assert [tag.kind for tag in catalog.segments_of([1], {"emotion"})[1]] == ["character"]


def test_the_tags_of_a_clip_are_those_it_overlaps_strongest_first(library: Library) -> None:
    segments = [Segment(*SAD, 0, 1, 0.5), Segment(*HAPPY, 1, 2, 0.9), Segment("character", "dog", 5, 6, 0.9)]
    add_film(library, "x.mp4", ["red", "blue"], segments=segments)
    clips = library.catalog.clip_ids().tolist()
    found = library.catalog.segments_of(clips)
    assert [[tag.label for tag in found[clip]] for clip in clips] == [["happy", "sad"], ["happy"]]


def test_tracks_and_segments_of_some_kinds_are_replaced_and_others_stay(library: Library) -> None:
    def track(kind: str, value: float) -> Track:
        return Track(kind, LABELS[kind], "fp", 1.0, 1.0, np.array([[value, np.nan]], np.float32))

    catalog = library.catalog
    video_id = add_film(library, "x.mp4", ["red"], segments=[Segment("character", "tom", 0, 1, 0.5)])
    before = catalog.tags_version()
    catalog.save_tracks(video_id, "clips:1 emotion:1", [track("emotion", 0.25)], [Segment(*HAPPY, 0, 1, 0.25)])
    catalog.save_tracks(video_id, "clips:1 emotion:2", [track("emotion", 0.75)], [Segment(*SAD, 0, 1, 0.75)])
    (kept,) = catalog.tracks(video_id)
    assert (kept.kind, kept.labels, kept.step) == ("emotion", ("happy", "sad"), 1.0)
    np.testing.assert_array_equal(kept.scores, [[0.75, np.nan]])
    assert catalog.tags() == [("character", "tom"), SAD]
    assert catalog.video(video_id).recipe == "clips:1 emotion:2"
    assert catalog.tags_version() != before
    catalog.replace_segments(video_id, ["emotion"], [Segment(*HAPPY, 0, 1, 0.75)])
    assert catalog.segments(video_id, "emotion") == [Segment(*HAPPY, 0, 1, 0.75)]
    catalog.forget_tracks(video_id, "clips:1", ["emotion"])
    assert catalog.tracks(video_id) == []
    assert catalog.tags() == [("character", "tom")]


def test_a_rule_with_thresholds_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="leave <= enter"):
        Rule(smooth=0, enter=0.2, leave=0.5)
