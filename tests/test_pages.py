"""The pages: what a person sees for an answer, for no answer, and when something is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search.answer import SearchAnswer
from search.errors import VsearchError
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from tests.site_library import add_file, site_library
from web import words
from web.app import create_app


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str, css: str = "") -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag and css in (attrs.get("class") or "")]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with site_library(tmp_path_factory.mktemp("pages")) as library:
        yield library


@pytest.fixture(scope="module")
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def test_the_first_page_asks_and_says_what_there_is(client: FlaskClient) -> None:
    page = client.get("/").text
    assert Tags(page).all("form") == [{"class": "ask", "role": "search", "action": "/"}]
    assert "2 films · 9 clips · 14 s" in page


def test_an_answer_shows_moments_that_play_without_javascript(client: FlaskClient, library: Library) -> None:
    tags = Tags(client.get("/?q=blue").text)
    poster, image = tags.all("a", "poster")[0], tags.all("img")[0]
    assert poster["href"] == "/media/2#t=0.0,1.6"
    assert poster["aria-label"] == 'Play <b>& "sea".mp4 from 0:00'
    assert image["src"] == f"/thumbnails/6.jpg?library={library.catalog.meta('id')}"
    assert client.get(image["src"]).status_code == 200
    assert tags.all("span", "strength")[0]["aria-label"] in ("strong match", "possible match")


def test_the_question_stays_in_the_box_and_names_are_escaped(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": 'blue "><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert '<b>& "sea"' not in page
    assert Tags(page).all("input")[0]["value"] == 'blue "><script>alert(1)</script>'


def test_words_the_encoder_does_not_know_are_named(client: FlaskClient) -> None:
    page = " ".join(client.get("/?q=red+frolicking").text.split())
    assert "does not know <b>frolicking</b>; left out" in page


def test_tags_narrow_the_answer_and_can_be_removed(client: FlaskClient) -> None:
    page = client.get("/?q=black").text
    narrowed = Tags(page).all("a")
    assert any(attrs["href"] == "/?q=black&tag=emotion:happy" for attrs in narrowed)
    page = client.get("/?q=black&tag=emotion:happy").text
    assert "1 moment<" in page
    assert any(attrs["href"] == "/?q=black" for attrs in Tags(page).all("a"))
    assert {"type": "hidden", "name": "tag", "value": "emotion:happy"} in Tags(page).all("input")


def test_the_tags_there_are_narrow_with_a_click(client: FlaskClient) -> None:
    page = client.get("/?q=black").text
    assert re.search(r"happy\s*<span>1</span>", page)
    assert "facets" not in client.get("/?q=black&tag=emotion:happy").text


def test_how_tags_narrow_is_kept_in_every_address_of_the_page(client: FlaskClient) -> None:
    page = client.get("/?q=black&tag=emotion:happy&any=1&min_seconds=0.5").text
    hidden = {attrs["name"]: attrs["value"] for attrs in Tags(page).all("input") if attrs.get("type") == "hidden"}
    assert hidden == {"tag": "emotion:happy", "any": "1", "min_seconds": "0.5"}
    assert any(attrs["href"] == "/?q=black" for attrs in Tags(page).all("a"))


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("q=zorg", 400, "knows none of these words"),
        ("q=%F0%9F%90%B6", 400, "no words in it"),
        ("q=" + "a" * 10_000, 413, "the limit is 5,000"),
        ("q=red&k=ten", 400, "k must be a whole number"),
        ("q=red&tag=emotion:hapy", 400, "Did you mean happy"),
    ],
)
def test_a_question_without_answer_keeps_its_box_and_says_why(
    client: FlaskClient, query: str, status: int, words: str
) -> None:
    response = client.get(f"/?{query}")
    assert response.status_code == status
    assert words in response.text
    assert Tags(response.text).all("form", "ask")


def test_an_empty_library_says_how_to_begin(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        client = create_app(SearchService(library)).test_client()
        for address in ("/", "/?q=red"):
            response = client.get(address)
            assert response.status_code == 200
            assert "<code>vsearch index ~/Videos</code>" in response.text


def test_more_moments_are_one_link_away_until_there_are_no_more(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "long.mp4", ["red"] * 60)
        client = create_app(SearchService(library)).test_client()
        counts, address = [], "/?q=red"
        while address:
            tags = Tags(client.get(address).text)
            counts.append(len(tags.all("a", "poster")))
            more = tags.all("a", "button")
            address = (more[0]["href"] or "") if more else ""
        assert counts == [24, 48, 60]


def test_the_largest_page_is_light(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a film with a rather long name, as they are.mp4", ["red"] * 200)
        client = create_app(SearchService(library)).test_client()
        page = client.get("/?q=red&k=9999")
        static = [client.get(f"/static/{name}", buffered=True) for name in ("site.css", "site.js", "favicon.svg")]
        assert sum(len(part.data) for part in (page, *static)) < 100_000


def test_weak_moments_are_folded_away_below_better_ones(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with_bands(library, monkeypatch, ["strong", "possible", "weak", "weak"])
    assert page.index("match") < page.index("<details") < page.index("Show 2 weaker moments")
    page = page_with_bands(library, monkeypatch, ["weak", "weak"])
    assert "<details" not in page
    assert "Nothing here fits well" in page


def page_with_bands(library: Library, monkeypatch: pytest.MonkeyPatch, bands: list[str]) -> str:
    service = SearchService(library)
    real = service.search

    def search(request: SearchRequest) -> SearchAnswer:
        answer = real(SearchRequest(request.text, k=len(bands)))
        return replace(
            answer, hits=tuple(replace(hit, band=band) for hit, band in zip(answer.hits, bands, strict=True))
        )

    monkeypatch.setattr(service, "search", search)
    return create_app(service).test_client().get("/?q=red").text


def test_a_film_has_a_page_that_starts_at_the_moment(client: FlaskClient) -> None:
    page = client.get("/video/1?t=3.2&q=red").text
    assert Tags(page).all("video")[0]["src"] == "/media/1#t=3.2"
    assert "320 × 180" in page
    assert client.get("/video/1?t=junk").status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/video/99", "/video/x", "/media/99"])
def test_what_is_not_there_is_a_page_with_a_way_on(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert Tags(response.text).all("div", "note")
    assert Tags(response.text).all("form", "ask")


def test_pages_run_nothing_that_is_not_a_file_of_ours(client: FlaskClient) -> None:
    for path in ("/", "/?q=red", "/video/1", "/nothing"):
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|//[a-z]", response.text)


def test_a_film_whose_name_is_no_utf_8_is_shown_and_plays(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    path.write_bytes(b"film")
    with make_library(tmp_path / "library") as library:
        add_file(library, path, ["red"])
        client = create_app(SearchService(library)).test_client()
        for address in ("/?q=red", "/video/1", "/api/search?q=red"):
            response = client.get(address)
            assert response.status_code == 200
            assert "caf" in response.text
        assert client.get("/media/1").data == b"film"


def test_errors_outside_the_api_are_pages(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_video_id: int) -> None:
        raise VsearchError("The `catalog` is <gone>.", "Run `vsearch verify`.")

    monkeypatch.setattr(library.catalog, "video", gone)
    response = create_app(SearchService(library)).test_client().get("/video/1")
    assert response.status_code == 500
    assert "The <code>catalog</code> is &lt;gone&gt;." in response.text


@pytest.mark.parametrize(
    ("seconds", "clock", "duration"),
    [(0, "0:00", "0 s"), (7.9, "0:07", "8 s"), (750, "12:30", "12 min 30 s"), (3723, "1:02:03", "1 h 2 min"),
     (3600, "1:00:00", "1 h"), (-1, "0:00", "0 s"), (100_000_000, "27777:46:40", "27,777 h 46 min")],
)  # fmt: skip
def test_times_read_as_people_write_them(seconds: float, clock: str, duration: str) -> None:
    assert words.clock(seconds) == clock
    assert words.duration(max(0, seconds)) == duration


@given(st.floats(0, 1e6), st.floats(0.01, 100))
def test_a_span_never_reads_as_nothing(start: float, length: float) -> None:
    first, last = words.span(start, start + length).split(" – ")
    assert first != last


def test_an_amount_takes_its_plural() -> None:
    assert [words.amount(count, "film") for count in (0, 1, 2, 1204)] == [
        "0 films", "1 film", "2 films", "1,204 films",
    ]  # fmt: skip
