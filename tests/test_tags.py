"""Filters, facets and the tags of a hit agree with reading every segment by hand; tracks come back as they were."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.registry import default_rules
from classifiers.segments import Rule, find_segments
from search.catalog.records import Facet, Segment, TagFilter, Track
from search.catalog.store import Catalog
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
def filters(draw: st.DrawFn) -> TagFilter:
    tags = draw(st.lists(st.sampled_from(EVERY_TAG), max_size=3))
    return TagFilter(tags, draw(st.booleans()), draw(st.sampled_from([0.0, 0.5, 2.0, 3.5])))


def by_hand(catalog: Catalog, wanted: TagFilter) -> tuple[list[int], list[Facet]]:
    """The clips a filter leaves, and their facets, from nothing but the rows."""
    clips = catalog.clips(catalog.clip_ids().tolist())
    long_enough = {
        video.id: [one for one in catalog.segments(video.id) if one.end - one.start >= wanted.min_seconds - 1e-6]
        for video in catalog.videos()
    }
    meets = {
        clip.id: [one for one in long_enough[clip.video_id] if one.start < clip.end and one.end > clip.start]
        for clip in clips.values()
    }
    tags = {clip_id: {(one.kind, one.label) for one in found} for clip_id, found in meets.items()}
    enough = any if wanted.any_of else all
    left = [i for i in sorted(clips) if not wanted.tags or enough(tag in tags[i] for tag in wanted.tags)]
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


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=3, unique=True), st.lists(filters(), min_size=4, max_size=4)
)
@settings(max_examples=15, deadline=None)
def test_filters_and_facets_agree_with_reading_the_segments(seeds: list[int], asked: list[TagFilter]) -> None:
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
    matching = library.catalog.clip_ids_with
    assert matching(TagFilter([HAPPY])).tolist() == [first, second]
    assert matching(TagFilter([HAPPY, ("character", "dog")])).tolist() == [second]
    assert matching(TagFilter([HAPPY, SAD], any_of=True)).tolist() == [first, second, third]
    assert matching(TagFilter([HAPPY, SAD], any_of=True, min_seconds=1.0)).tolist() == [first, second]
    assert matching(TagFilter([("emotion", "angry")])).tolist() == []


def test_hidden_kinds_are_nowhere(library: Library) -> None:
    add_film(library, "x.mp4", ["red"], segments=[Segment(*HAPPY, 0, 1, 0.9), Segment("character", "dog", 0, 1, 0.8)])
    catalog = library.catalog
    clip = catalog.clips(catalog.clip_ids().tolist())
    assert catalog.tags(hidden={"emotion"}) == [("character", "dog")]
    assert [facet.kind for facet in catalog.facets(TagFilter(), {"emotion"})] == ["character"]
    assert [tag.kind for tag in catalog.segments_of(clip.values(), {"emotion"})[1]] == ["character"]


def test_the_tags_of_a_clip_are_those_it_overlaps_strongest_first(library: Library) -> None:
    segments = [Segment(*SAD, 0, 1, 0.5), Segment(*HAPPY, 1, 2, 0.9), Segment("character", "dog", 5, 6, 0.9)]
    add_film(library, "x.mp4", ["red", "blue"], segments=segments)
    clips = library.catalog.clips(library.catalog.clip_ids().tolist())
    found = library.catalog.segments_of(clips.values())
    assert [[tag.label for tag in found[clip]] for clip in sorted(clips)] == [["happy", "sad"], ["happy"]]


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
