"""The number beside a line of a facet is that of the results behind it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from search.catalog.records import Cue, FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library, open_library
from search.query import SearchRequest, Tag
from search.service import SearchService
from tests.fakes import FakeEncoder
from tests.library_fixtures import CLIP_SECONDS, add_film, make_library
from web.results.facet_counts import EVERYTHING, FacetCounts
from web.results.narrowing import Line

TAGS = [Tag(kind, label) for kind, label in product(("character", "emotion"), ("a", "b", "c"))]
FOLDERS = ("sea/", "sea/deep/", "snow/")
QUESTIONS = ["red", "like:3", "red like:40", "red -blue", "-blue", EVERYTHING, "after:4s", "red then blue"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Films whose clips drift from one direction to another, so that neighbours are alike, with tags."""
    random = np.random.default_rng(7)
    with make_library(tmp_path_factory.mktemp("counts")) as library:
        root = library.catalog.add_root(Path("/films")).id
        for number in range(24):
            length = int(random.integers(1, 60))
            steps = random.normal(size=(length, library.spec.dim)) * random.choice([0.01, 0.6])
            vectors = (random.normal(size=library.spec.dim) + steps.cumsum(axis=0)).astype(np.float32)
            seconds = length * CLIP_SECONDS
            begins = random.uniform(0, seconds, size=8)
            library.catalog.save_video(
                NewVideo(
                    root_id=root,
                    relpath=f"{FOLDERS[number % 3]}{number:02}.mp4",
                    file=FileFacts(1000, number, str(number)),
                    state=VideoState.INDEXED,
                    recipe="recipe",
                    facts=VideoFacts(seconds, 64, 48, 25.0, "h264", "mp4"),
                    clips=[
                        NewClip(at * CLIP_SECONDS, (at + 1) * CLIP_SECONDS, vector)
                        for at, vector in enumerate(vectors)
                    ],
                    segments=[
                        Segment(*TAGS[int(random.integers(len(TAGS)))], begin, begin + random.uniform(0.1, 12), 0.9)
                        for begin in begins
                    ],
                )
            )
        yield library


@pytest.fixture(scope="module")
def service(library: Library) -> SearchService:
    return SearchService(library)


def behind(service: SearchService, line: str, group: str) -> int:
    """The results that a page at this line shows before weak ones begin."""
    request = SearchRequest(line, k=10_000, sort="film", group="video" if group == "video" else "clip")
    answer = service.search(request)
    assert answer.nothing or answer.total == len(answer.hits)
    return 0 if answer.nothing else len(answer.hits)


@pytest.mark.parametrize("group", ["clip", "video"])
@pytest.mark.parametrize("text", QUESTIONS[:-1])
def test_a_click_leaves_as_many_results_as_stand_beside_it(service: SearchService, text: str, group: str) -> None:
    line = Line(text, ("character", "emotion"))
    counts = FacetCounts(service).of(line, "video" if group == "video" else "clip", TAGS)
    assert counts.total == behind(service, text, group) > 0
    assert {tag: behind(service, line.with_label(*tag), group) for tag in TAGS} == counts.tags
    assert {name: behind(service, line.with_folder(name), group) for name in FOLDERS} == counts.folders
    by_length = {
        length.name: behind(service, line.with_length(length.longer, length.shorter), group)
        for length in counts.lengths
    }
    assert by_length == {length.name: results for length, results in counts.lengths.items()}


def test_chains_are_counted_by_their_first_moment(service: SearchService) -> None:
    line = Line("red then blue", ("character", "emotion"))
    counts = FacetCounts(service).of(line, "clip", TAGS)
    assert counts.total == behind(service, line.text, "clip") > 0
    assert 0 < max(counts.tags.values()) <= counts.total
    assert counts.folders["sea/"] >= counts.folders["sea/deep/"]


def test_where_one_label_is_chosen_the_others_of_its_kind_are_counted_as_if_none_were(service: SearchService) -> None:
    kinds = ("character", "emotion")
    free, chosen = Line("red", kinds), Line("red emotion:a", kinds)
    before = FacetCounts(service).of(free, "clip", TAGS).tags
    after = FacetCounts(service).of(chosen, "clip", TAGS).tags
    assert all(after[tag] == before[tag] for tag in TAGS if tag.kind == "emotion")
    both = "red emotion:a character:b"
    assert after[Tag("character", "b")] == behind(service, both, "clip") < before[Tag("character", "b")]


def test_moments_in_which_the_words_are_said_count(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        said = [Cue(0.2, 1.0, "good morning", "a.srt"), Cue(3.4, 4.0, "morning again", "a.srt")]
        happy = [Segment("emotion", "happy", 3.3, 4.5, 0.9)]
        add_film(library, "a.mp4", ["red", "green", "blue"], cues=said, segments=happy)
        service, line = SearchService(library), Line("said:morning", ("emotion",))
        counts = FacetCounts(service).of(line, "clip", [Tag("emotion", "happy")])
        assert (counts.total, counts.tags) == (2, {Tag("emotion", "happy"): 1})
        assert behind(service, line.with_label("emotion", "happy"), "clip") == 1
        assert FacetCounts(service).of(line, "video", []).total == 1


class Knowing(FakeEncoder):
    """Knows every word, so that background sentences tell what is weak."""

    def unknown_words(self, text: str) -> list[str]:
        return []


def test_weak_moments_do_not_count(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        happy = [Segment("emotion", "happy", 0.0, 9.0, 0.9)]
        add_film(library, "a.mp4", ["red", "green", "blue"], segments=happy)
        add_film(library, "b.mp4", ["cyan", "grey"])
    with open_library(tmp_path, encoder=Knowing()) as library:
        counts = FacetCounts(SearchService(library)).of(Line("red", ("emotion",)), "clip", [Tag("emotion", "happy")])
    assert (counts.total, counts.tags) == (1, {Tag("emotion", "happy"): 1})


def test_what_is_added_is_counted(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "sea/a.mp4", ["red"])
        counts = FacetCounts(SearchService(library))
        assert counts.of(Line("red", ()), "clip", []).folders == {"sea/": 1}
        add_film(library, "snow/b.mp4", ["red", "blue"], segments=[Segment("emotion", "happy", 1.7, 2, 1)])
        found = counts.of(Line("blue", ()), "clip", [Tag("emotion", "happy")])
        assert (found.folders, found.tags) == ({"sea/": 1, "snow/": 2}, {Tag("emotion", "happy"): 1})
        assert counts.folders() == ("sea/", "snow/")
