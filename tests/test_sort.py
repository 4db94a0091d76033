"""The order of results: best first, by film, the newest first; and pages that fit together in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search.catalog.records import Segment
from search.library import Library
from search.query import SearchRequest, Sort
from search.service import SearchService
from tests.library_fixtures import add_different_films, add_film, make_library
from web.app import create_app


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path) as library:
        add_film(library, "b.mp4", ["blue", "red", "blue"], taken_at=300.0)
        add_film(library, "a.mp4", ["red", "green", "orange"], taken_at=100.0)
        add_film(library, "c.mp4", ["red"], taken_at=None)
        yield library


def found(library: Library, text: str, sort: Sort, group: str = "clip") -> list[tuple[str, float]]:
    request = SearchRequest(text, 100, sort=sort, group="video" if group == "video" else "clip")
    answer = SearchService(library).search(request)
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    return [(hit.clip.title, round(hit.start, 1)) for hit in answer.hits]


def test_moments_of_a_text_come_by_film_and_time_or_the_newest_film_first(library: Library) -> None:
    by_film = found(library, "red", "film")
    assert by_film == sorted(by_film)
    assert sorted(found(library, "red", "best")) == by_film
    newest = found(library, "red", "newest")
    assert [title for title, _ in newest] == sorted(
        (title for title, _ in newest), key=["b.mp4", "a.mp4", "c.mp4"].index
    )
    assert newest[0] == ("b.mp4", 0.0)


@pytest.mark.parametrize("first", ["white", "emotion:happy"])
def test_moments_that_follow_one_another_come_by_film_or_the_newest_film_first(library: Library, first: str) -> None:
    happy = [Segment("emotion", "happy", 0.0, 1.0, 0.9)]
    for name, taken_at, colours in (("y.mp4", 1.0, ["white", "green", "grey"]), ("x.mp4", 2.0, ["white", "grey"])):
        add_film(library, name, colours, taken_at=taken_at, segments=happy)
    add_film(library, "z.mp4", ["white", "cyan", "grey"], taken_at=3.0, segments=happy)
    chains = f"{first} then grey"
    assert [title for title, _ in found(library, chains, "film")] == ["x.mp4", "y.mp4", "z.mp4"]
    assert [title for title, _ in found(library, chains, "newest")] == ["z.mp4", "x.mp4", "y.mp4"]


def test_a_file_with_another_date_is_found_by_it_at_once(library: Library) -> None:
    service = SearchService(library)
    asked = SearchRequest("since:2020-01-01", group="video")
    assert service.search(asked).hits == ()
    video = next(one for one in library.catalog.videos() if one.title == "c.mp4")
    library.catalog.touch_video(video.id, replace(video.file, mtime_ns=1_700_000_000 * 10**9))
    assert [hit.clip.title for hit in service.search(asked).hits] == ["c.mp4"]


@pytest.mark.parametrize("sort", ["best", "film"])
def test_tags_that_follow_one_another_come_by_film(library: Library, sort: Sort) -> None:
    segments = [Segment("emotion", "happy", 0.0, 1.0, 0.9), Segment("emotion", "sad", 4.0, 4.5, 0.9)]
    for name in ("y.mp4", "x.mp4"):
        add_film(library, name, ["white", "green", "grey"], segments=segments)
    assert [title for title, _ in found(library, "emotion:happy then emotion:sad", sort)] == ["x.mp4", "y.mp4"]


def test_what_nothing_ranks_can_be_newest_first_too(library: Library) -> None:
    assert [title for title, _ in found(library, "longer:0s", "best")] == ["a.mp4", "b.mp4", "c.mp4"]
    assert [title for title, _ in found(library, "longer:0s", "newest")] == ["b.mp4", "a.mp4", "c.mp4"]


def test_of_each_film_the_best_moment_is_shown_in_any_order(library: Library) -> None:
    assert found(library, "green", "film", "video")[0] == ("a.mp4", 1.6)
    assert [title for title, _ in found(library, "green", "newest", "video")] == ["b.mp4", "a.mp4"]  # c looks like b


def test_another_order_says_how_many_moments_there_are(library: Library) -> None:
    service = SearchService(library)
    answer = service.search(SearchRequest("red", 2, sort="film"))
    assert answer.total == service.counter(SearchRequest("red")).count() > 2
    assert answer.to_document()["sort"] == "film"
    assert service.search(SearchRequest("red", 2)).total is None


@pytest.mark.slow
@pytest.mark.parametrize("question", ["red", "longer:0s", "red -blue"])
@pytest.mark.parametrize("sort", ["best", "film", "newest"])
def test_pages_hold_each_moment_once_while_films_are_added(tmp_path: Path, sort: str, question: str) -> None:
    with make_library(tmp_path) as library:
        add_different_films(library, 50)
        client = create_app(SearchService(library)).test_client()
        at_first = set(library.catalog.clip_ids().tolist())
        clips: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            args = {"q": question, "sort": sort, "k": 7, "cursor": cursor}
            page = client.get("/api/search", query_string=args).get_json()
            assert page["changed"] == bool(clips)
            clips += [result["clip_id"] for result in page["results"]]
            add_film(library, f"a{len(clips):03}.mp4", ["red", "green"], taken_at=4e9)
            cursor = page["next"]
        assert sorted(clips) == sorted(at_first)


def test_an_order_that_there_is_not_is_refused(library: Library) -> None:
    client = create_app(SearchService(library)).test_client()
    assert client.get("/api/search?q=red&sort=colour").status_code == 400
    page = client.get("/?q=red&sort=colour")
    assert (page.status_code, "Sort them by best, film or newest" in page.text) == (400, True)


def test_an_order_is_a_part_of_the_address_and_of_every_link(library: Library) -> None:
    client = create_app(SearchService(library)).test_client()
    page = client.get("/?q=red&sort=newest").text
    assert 'href="/?q=red&amp;sort=film"' in page
    assert 'href="/?q=red&amp;group=video&amp;sort=newest"' in page
    assert '<input type="hidden" name="sort" value="newest">' in page
