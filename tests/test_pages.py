"""The pages: what a person sees for an answer, for no answer, and when something is wrong."""

from __future__ import annotations

import io
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
from search.catalog.records import Cue, Segment
from search.errors import VsearchError
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from tests.library_fixtures import add_different_films, add_film, make_library
from tests.site_library import add_file, jpeg, site_library
from web import words
from web.app import create_app

SCRIPTS = [f"{name}.js" for name in ("site", "player", "preview", "combobox", "more", "picture", "keys")]


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


def test_the_first_page_asks_and_shows_what_there_is(client: FlaskClient) -> None:
    page = client.get("/").text
    tags = Tags(page)
    assert tags.all("form", "ask") == [{"class": "ask", "role": "search", "action": "/"}]
    assert "2 films · 9 clips · 14 s" in page
    links = [attrs["href"] for attrs in tags.all("a")]
    assert "/?q=emotion:happy" in links
    assert {"/video/1?t=0", "/video/2?t=0"} <= set(links)


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
    box = next(attrs for attrs in Tags(page).all("input") if attrs["name"] == "q")
    assert box["value"] == 'blue "><script>alert(1)</script>'


def test_words_the_encoder_does_not_know_are_named(client: FlaskClient) -> None:
    page = " ".join(client.get("/?q=red+frolicking").text.split())
    assert "does not know <b>frolicking</b>; left out" in page


def links_of(page: str) -> list[str | None]:
    return [attrs.get("href") for attrs in Tags(page).all("a")]


def test_every_part_of_a_question_is_a_chip_whose_cross_takes_it_away(client: FlaskClient) -> None:
    page = client.get("/?q=black emotion:happy -sea").text
    crosses = {attrs["aria-label"]: attrs["href"] for attrs in Tags(page).all("a") if attrs.get("aria-label")}
    assert crosses["Remove emotion happy"] == "/?q=black+-sea"
    assert crosses["Remove not sea"] == "/?q=black+emotion:happy"
    assert crosses["Remove black"] == "/?q=emotion:happy+-sea"
    assert "chips" not in client.get("/?q=black").text


def test_tags_of_an_older_address_become_a_part_of_the_question(client: FlaskClient) -> None:
    page = client.get("/?q=black&tag=emotion:happy").text
    box = next(attrs for attrs in Tags(page).all("input") if attrs["name"] == "q")
    assert box["value"] == "black emotion:happy"
    assert "/?q=black" in links_of(page)


def test_facets_narrow_with_a_click_and_widen_with_another(client: FlaskClient) -> None:
    page = client.get("/?q=black").text
    assert "/?q=black+emotion:happy" in links_of(page)
    assert "/?q=black+-emotion:happy" in links_of(page)
    page = client.get("/?q=black emotion:happy").text
    [chosen] = [attrs for attrs in Tags(page).all("a", "choice") if attrs.get("aria-current")]
    assert chosen["href"] == "/?q=black"


def test_a_label_that_nothing_has_is_shown_grey(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "sea/a.mp4", ["red"], segments=[Segment("emotion", "happy", 0.0, 1.0, 0.9)])
        add_film(library, "snow/b.mp4", ["red"], segments=[Segment("emotion", "sad", 0.0, 1.0, 0.9)])
        page = create_app(SearchService(library)).test_client().get("/?q=red in:sea").text
        grey = re.findall(r'<li class="none">.*?<bdi>(.*?)</bdi>', page, re.S)
        assert grey == ["sad", "1 – 10 min", "over 10 min"]
        folders = re.findall(r"<bdi>(s\w+/)</bdi> <b>(\d)", page)
        assert folders == [("sea/", "1"), ("snow/", "1")]


def test_several_labels_are_any_or_all(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        both = [Segment("character", "tom", 0.0, 3.2, 0.9), Segment("character", "jerry", 1.7, 3.2, 0.9)]
        add_film(library, "a.mp4", ["red", "blue"], segments=both)
        client = create_app(SearchService(library)).test_client()
        page = client.get("/?q=character:tom").text
        assert "/?q=character:tom%7Cjerry" in links_of(page)
        page = client.get("/?q=character:tom|jerry").text
        assert "/?q=character:tom%2Bjerry" in links_of(page)
        assert "/?q=character:only(tom%2Bjerry)" in links_of(page)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("q=zorg", 400, "knows none of these words"),
        ("q=%F0%9F%90%B6", 400, "no words in it"),
        ("q=" + "a" * 10_000, 413, "the limit is 5,000"),
        ("q=red&k=ten", 400, "k must be a whole number"),
        ("q=red&skip=x", 400, "skip must be a whole number"),
        ("q=red&group=colour", 400, "cannot be grouped by"),
        ("q=red emotion:hapy", 400, "Did you mean happy"),
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
        add_different_films(library, 60)
        client = create_app(SearchService(library)).test_client()
        clips, address = [], "/?q=red"
        while address:
            tags = Tags(client.get(address).text)
            clips.append([attrs["data-clip"] for attrs in tags.all("li", "moment")])
            address = next((attrs["href"] or "" for attrs in tags.all("a", "button") if "data-more" in attrs), "")
        assert [len(page) for page in clips] == [24, 24, 12]
        assert len({clip for page in clips for clip in page}) == 60


@pytest.mark.slow
def test_the_largest_page_is_light(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        tags = [Segment("emotion", f"emotion number {n}", 0.0, 999.0, 0.9) for n in range(40)]
        for number in range(60):
            name = f"a folder/a film with a rather long name, as they are {number}.mp4"
            add_film(library, name, ["red", "blue"] if number % 2 else ["red"], segments=tags)
        client = create_app(SearchService(library)).test_client()
        page = client.get("/?q=red&k=9999")
        files = ["site.css", "favicon.svg", *SCRIPTS]
        static = [client.get(f"/static/{name}", buffered=True) for name in files]
        assert sum(len(part.data) for part in (page, *static)) < 100_000


def test_weak_moments_are_folded_away_below_better_ones(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with_bands(library, monkeypatch, ["strong", "possible", "weak", "weak"])
    assert page.index("possible match") < page.index('<details class="weaker"') < page.index("weak match")
    page = page_with_bands(library, monkeypatch, ["weak", "possible"])
    assert page.count('<li class="moment"') == 2
    assert page.index("possible match") < page.index('<details class="weaker"') < page.index("weak match")
    page = page_with_bands(library, monkeypatch, ["weak", "weak"])
    assert '<details class="weaker"' not in page
    assert "Nothing like that here" in page
    assert "come nearest" in page


def test_a_slip_of_the_keyboard_is_a_link_to_what_was_meant(client: FlaskClient) -> None:
    page = client.get("/?q=blue+dogg&group=video")
    assert (page.status_code, "Did you mean" in page.text) == (200, True)
    assert "/?q=blue+dog&group=video" in links_of(page.text)


@pytest.mark.parametrize(("line", "cure"), [("in:nosuchfolder", "The folders in this library"), ("says:hi", "said:")])
def test_a_question_that_can_find_nothing_is_answered_with_a_cure(client: FlaskClient, line: str, cure: str) -> None:
    page = client.get(f"/?q={line}")
    assert (page.status_code, cure in page.text) == (400, True)


def page_with_bands(library: Library, monkeypatch: pytest.MonkeyPatch, bands: list[str]) -> str:
    service = SearchService(library)
    real = service.search

    def search(request: SearchRequest) -> SearchAnswer:
        answer = real(SearchRequest(request.text, k=len(bands)))
        hits = tuple(replace(hit, band=band) for hit, band in zip(answer.hits, bands, strict=True))
        return replace(answer, nothing="strong" not in bands, hits=hits)

    monkeypatch.setattr(service, "search", search)
    return create_app(service).test_client().get("/?q=red").text


@pytest.mark.parametrize("path", ["/nothing", "/video/99", "/video/x", "/media/99"])
def test_what_is_not_there_is_a_page_with_a_way_on(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert Tags(response.text).all("div", "note")
    assert Tags(response.text).all("form", "ask")


def test_pages_run_nothing_that_is_not_a_file_of_ours(client: FlaskClient) -> None:
    for path in ("/", "/?q=red emotion:happy", "/?q=red then blue", "/?q=emotion:", "/nothing"):
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


@given(st.text())
def test_a_name_of_any_characters_is_one_harmless_line_of_the_same_length(name: str) -> None:
    shown = words.inert(name)
    assert len(shown) == len(name)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u200b]", shown)


def test_marked_words_are_marked_and_the_rest_is_escaped() -> None:
    assert words.marked("a <b> dog", [[6, 9], [0, 1]]) == "<mark>a</mark> &lt;b&gt; <mark>dog</mark>"
    assert words.marked("a\n\u202edog", []) == "a \N{REPLACEMENT CHARACTER}dog"


def test_an_amount_takes_its_plural() -> None:
    assert [words.amount(count, "film") for count in (0, 1, 2, 1204)] == [
        "0 films", "1 film", "2 films", "1,204 films",
    ]  # fmt: skip


def test_the_place_of_an_error_is_shown_in_the_question(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": 'red "blue'}).text
    assert "red <mark>&#34;blue</mark>" in page
    assert "at character 5" in page


def test_moments_can_be_grouped_by_film_and_a_film_opened_up(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a.mp4", ["red", "green", "blue", "red"])
        add_film(library, "b.mp4", ["cyan"])
        client = create_app(SearchService(library)).test_client()
        assert "/?q=red&group=video" in links_of(client.get("/?q=red").text)
        page = client.get("/?q=red&group=video").text
        assert len(Tags(page).all("li", "moment")) == 2
        assert "/?q=red+name:a.mp4" in links_of(page)
        hidden = [attrs for attrs in Tags(page).all("input") if attrs.get("type") == "hidden"]
        assert {"type": "hidden", "name": "group", "value": "video"} in hidden


def test_one_thing_after_another_is_a_row_of_moments(client: FlaskClient) -> None:
    tags = Tags(client.get("/?q=red then white").text)
    assert tags.all("ol", "then")
    assert "/video/1?t=6.4&q=red+then+white" in [attrs.get("href") for attrs in tags.all("a")]


def test_more_like_a_moment_is_a_link_and_its_chip_shows_it(client: FlaskClient) -> None:
    assert "/?q=like:1" in links_of(client.get("/?q=black").text)
    page = client.get("/?q=like:1").text
    assert 'width="32"' in page
    assert 'data-clip="1"' not in page


def test_words_that_are_said_are_shown_and_marked(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a.mp4", ["red"], cues=[Cue(0.5, 1.0, "A <i>blue</i> morning", "a.srt")])
        page = create_app(SearchService(library)).test_client().get("/?q=said:morning").text
        assert "A &lt;i&gt;blue&lt;/i&gt; <mark>morning</mark>" in page
        assert "/video/1?t=0.5&amp;q=said:morning" in page


def test_a_film_whose_name_breaks_lines_and_turns_text_is_shown_harmless(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, 'a\n\u202egpj.<img src=x onerror="x">.mp4', ["red"])
        page = create_app(SearchService(library)).test_client().get("/?q=red").text
        assert "\u202e" not in page
        assert "<img src=x" not in page
        assert "a \N{REPLACEMENT CHARACTER}gpj.&lt;img" in page


def test_what_may_follow_in_a_question_is_offered(client: FlaskClient) -> None:
    def offered(line: str, **args: int) -> list[str]:
        answer = client.get("/complete", query_string={"line": line, **args}).get_json()
        return [way["line"] for way in answer["completions"]]

    assert offered("red emo") == ["red emotion:"]
    assert offered("red emotion:h") == ["red emotion:happy"]
    assert offered("em dog", cursor=2) == ["emotion: dog"]
    assert offered("red emotion:x") == []
    assert offered("em", cursor=-5)
    assert client.get("/complete?line=em&cursor=x").status_code == 200


def test_a_picture_is_a_question(client: FlaskClient) -> None:
    answer = client.post("/picture", data={"picture": (io.BytesIO(jpeg("blue")), "sea<b>.jpg"), "q": ""})
    assert answer.status_code == 200
    tags = Tags(answer.text)
    assert tags.all("li", "moment")[0]["data-clip"] == "6"
    assert "sea&lt;b&gt;.jpg" in answer.text
    assert not tags.all("a", "choice")  # an address cannot hold the picture


def test_a_picture_can_be_named_in_the_words_beside_it(client: FlaskClient) -> None:
    answer = client.post("/picture", data={"picture": (io.BytesIO(jpeg("blue")), "sea.jpg"), "q": "like:sea.jpg"})
    assert answer.status_code == 200
    tags = Tags(answer.text)
    assert tags.all("li", "moment")[0]["data-clip"] == "6"
    assert not tags.all("a", "choice")


@pytest.mark.parametrize(
    ("content", "name", "status"), [(b"no picture", "a.jpg", 422), (b"", "a.jpg", 422), (None, "", 400)]
)
def test_what_is_no_picture_is_said_on_the_page(
    client: FlaskClient, content: bytes | None, name: str, status: int
) -> None:
    data = {"q": "red"} if content is None else {"q": "red", "picture": (io.BytesIO(content), name)}
    answer = client.post("/picture", data=data)
    assert answer.status_code == status
    assert Tags(answer.text).all("div", "note")
    assert Tags(answer.text).all("form", "ask")


def test_another_site_cannot_ask_with_a_picture(client: FlaskClient) -> None:
    answer = client.post("/picture", headers={"Origin": "http://elsewhere.example"}, data={"q": ""})
    assert answer.status_code == 403


def test_a_question_is_saved_under_a_name_and_let_go_again(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a.mp4", ["red"])
        client = create_app(SearchService(library)).test_client()
        answer = client.post("/saved", data={"name": "my <red>", "q": "red -blue"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/?q=red+-blue")
        page = client.get("/").text
        assert "my &lt;red&gt;" in page
        assert "/?q=red+-blue" in links_of(page)
        assert client.post("/saved", data={"name": "my <red>", "q": "blue"}).status_code == 400
        assert client.post("/saved/remove", data={"name": "my <red>"}).status_code == 303
        assert "my &lt;red&gt;" not in client.get("/").text


def test_another_site_cannot_save_or_forget(client: FlaskClient) -> None:
    for path in ("/saved", "/saved/remove"):
        answer = client.post(path, headers={"Origin": "http://elsewhere.example"}, data={"name": "x", "q": "red"})
        assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["csv", "json", "edl", "otio", "m3u"])
def test_the_moments_of_a_question_are_a_file(client: FlaskClient, kind: str) -> None:
    links = [link for link in links_of(client.get("/?q=blue").text) if link and f"format={kind}" in link]
    answer = client.get(links[0])
    assert "sea" in answer.text
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''moments.{kind}"


def test_a_format_that_there_is_not_is_said(client: FlaskClient) -> None:
    answer = client.get("/list?q=blue&format=doc")
    assert (answer.status_code, "Choose one of csv" in answer.text) == (400, True)
