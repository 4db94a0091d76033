"""`/metrics`: figures that a person would put on a wall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from search.library import Library
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from web.app import create_app


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        add_film(library, "film.mp4", ["red", "blue"])
        yield library


def figures(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_searches_and_the_library_are_counted(library: Library) -> None:
    client = create_app(SearchService(library)).test_client()
    for path in ("/api/search?q=red", "/api/search", "/api/videos/1", "/nothing", "/also-nothing"):
        client.get(path)
    response = client.get("/metrics")
    assert response.mimetype == "text/plain"
    found = figures(response.get_data(as_text=True))
    assert found["vsearch_http_requests_total", "GET", "/api/search", "200"] == 1
    assert found["vsearch_http_requests_total", "GET", "/api/search", "400"] == 1
    assert found["vsearch_http_requests_total", "GET", "unknown", "404"] == 2
    assert found["vsearch_http_request_seconds_count", "/api/search"] == 2
    assert found["vsearch_searches_total", "answered"] == 1
    assert found["vsearch_searches_total", "refused"] == 1
    assert found["vsearch_http_requests_total", "GET", "/api/videos/{video_id}", "200"] == 1
    assert found["vsearch_library_clips",] == 2
    assert found["vsearch_library_videos", "indexed"] == 1
    assert found["vsearch_ready",] == 0


def test_two_servers_in_one_process_count_apart(library: Library) -> None:
    one, other = (create_app(SearchService(library)).test_client() for _ in range(2))
    one.get("/api/search?q=red")
    assert ("vsearch_searches_total", "answered") not in figures(other.get("/metrics").get_data(as_text=True))


def test_a_method_that_nobody_knows_makes_no_figure_of_its_own(library: Library) -> None:
    client = create_app(SearchService(library)).test_client()
    for number in range(3):
        client.open("/api/health", method=f"ODD{number}")
    found = figures(client.get("/metrics").get_data(as_text=True))
    assert found["vsearch_http_requests_total", "other", "unknown", "405"] == 3
