"""Searching: the right clips, filters that never cost results, sentences where there is no answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.catalog.records import Segment
from search.errors import BadQuery, UnknownTag
from search.library import Library
from search.query import SearchRequest, Tag
from search.service import SearchService
from tests.library_fixtures import add_film, make_library

HAPPY = Segment("emotion", "happy", 0.0, 1.0, 0.9)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path) as library:
        add_film(library, "sunset.mp4", ["red", "orange", "black"])
        add_film(library, "sea.mp4", ["blue", "cyan"], segments=[HAPPY])
        add_film(library, "meadow.mp4", ["green"] * 30)
        yield library


def titles(library: Library, request: SearchRequest) -> list[str]:
    return [hit.clip.title for hit in SearchService(library).search(request).hits]


def test_the_best_clip_comes_first(library: Library) -> None:
    answer = SearchService(library).search(SearchRequest("something blue", k=3))
    assert answer.hits[0].clip.title == "sea.mp4"
    assert [hit.rank for hit in answer.hits] == [1, 2, 3]
    assert answer.unknown_words == ("something",)


def test_a_filter_gives_every_match_however_badly_it_ranks(library: Library) -> None:
    request = SearchRequest("green", k=10, tags=(Tag("emotion", "happy"),))
    answer = SearchService(library).search(request)
    assert [hit.clip.title for hit in answer.hits] == ["sea.mp4"]
    assert answer.total == 1
    assert [tag.label for tag in answer.hits[0].tags] == ["happy"]


def test_tags_alone_come_in_film_order_neighbours_as_one(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        twice = [Segment("emotion", "happy", 0, 3, 1), Segment("emotion", "happy", 6, 7, 1)]
        add_film(library, "b.mp4", ["red"] * 5, segments=twice)
        add_film(library, "a.mp4", ["red"], segments=[Segment("emotion", "happy", 0, 9, 1)])
        answer = SearchService(library).search(SearchRequest("", tags=(Tag("emotion", "happy"),)))
    assert [(hit.clip.title, hit.start, hit.end) for hit in answer.hits] == [
        ("a.mp4", 0, 1.6),
        ("b.mp4", 0, 3.2),
        ("b.mp4", pytest.approx(4.8), pytest.approx(8.0)),
    ]
    assert answer.total == 3
    assert [hit.score for hit in answer.hits] == [None] * 3


def test_facets_count_the_tags_of_what_the_tags_leave(library: Library) -> None:
    both = add_film(library, "both.mp4", ["red", "red"], segments=[HAPPY, Segment("character", "tom", 0.0, 3.0, 0.9)])
    service = SearchService(library)

    def facets(*tags: Tag) -> dict[str, int]:
        return {facet.label: facet.clips for facet in service.search(SearchRequest("red", tags=tags)).facets}

    assert facets() == {"happy": 2, "tom": 2}
    assert facets(Tag("emotion", "happy")) == {"happy": 2, "tom": 1}
    library.catalog.replace_segments(both, ["character"], [])
    assert facets() == {"happy": 2}
    assert service.search(SearchRequest("red", facets=False)).facets == ()


def test_it_sees_what_is_added_after_it_was_warmed(library: Library) -> None:
    service = SearchService(library)
    service.warm()
    assert service.ready
    add_film(library, "new.mp4", ["purple"])
    assert service.search(SearchRequest("purple")).hits[0].clip.title == "new.mp4"


def test_a_question_without_a_known_word_is_refused_with_a_sentence(library: Library) -> None:
    with pytest.raises(BadQuery, match="zorgblat"):
        SearchService(library).search(SearchRequest("zorgblat"))


@pytest.mark.parametrize("text", ["🐈🎬", "!!!", "…"])
def test_a_question_without_words_is_refused(library: Library, text: str) -> None:
    with pytest.raises(BadQuery, match="no words"):
        SearchService(library).search(SearchRequest(text))


def test_an_unknown_tag_is_refused(library: Library) -> None:
    with pytest.raises(UnknownTag) as caught:
        SearchService(library).search(SearchRequest("red", tags=(Tag("emotion", "hapy"),)))
    assert caught.value.cure == "Did you mean happy?"


def test_an_empty_library_finds_nothing_without_complaint(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        assert titles(library, SearchRequest("red")) == []


def test_the_document_is_json_even_for_file_names_that_are_no_text(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "bad\udcff\n<b>.mp4", ["red"])
        document = SearchService(library).search(SearchRequest("red")).to_document()
    parsed = json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8"))
    assert parsed["results"][0]["title"] == "bad\ufffd\n<b>.mp4"
    assert parsed["count"] == 1
