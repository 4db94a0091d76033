"""Searching over HTTP beyond the first page: paging, what a client may keep, and questions that are files."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.library import Library
from search.service import SearchService
from tests.library_fixtures import add_film
from tests.site_library import draw_film, jpeg, site_library
from web.api import search as api_search
from web.app import create_app
from web.safety import uploads


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with site_library(tmp_path) as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def ask(client: FlaskClient, **files: tuple[bytes, str]) -> Any:
    form = {name: (io.BytesIO(data), filename) for name, (data, filename) in files.items()}
    return client.post("/api/search?k=1", data=form, content_type="multipart/form-data")


def test_pages_follow_each_other_to_the_end(client: FlaskClient) -> None:
    whole = client.get("/api/search?q=red&k=100").get_json()
    assert whole["next"] is None
    found, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/search", query_string={"q": "red", "k": 2, "cursor": cursor}).get_json()
        assert not page["changed"]
        found += page["results"]
        cursor = page["next"]
    assert [result["clip_id"] for result in found] == [result["clip_id"] for result in whole["results"]]
    assert [result["rank"] for result in found] == list(range(1, len(found) + 1))


def test_a_page_after_the_library_has_grown_says_so(client: FlaskClient, library: Library) -> None:
    cursor = client.get("/api/search?q=red&k=2").get_json()["next"]
    add_film(library, "new.mp4", ["red"])
    page = client.get("/api/search", query_string={"q": "red", "k": 2, "cursor": cursor}).get_json()
    assert page["changed"] is True
    assert [result["rank"] for result in page["results"]] == [3, 4]


@pytest.mark.parametrize("cursor", ["nonsense", "ZWQ3", "é"])
def test_a_cursor_that_is_none_is_refused(client: FlaskClient, cursor: str) -> None:
    response = client.get("/api/search", query_string={"q": "red", "cursor": cursor})
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "bad-query")


def test_a_cursor_of_another_question_is_refused(client: FlaskClient) -> None:
    cursor = client.get("/api/search?q=red&k=2").get_json()["next"]
    assert client.get("/api/search", query_string={"q": "blue", "cursor": cursor}).status_code == 400


@pytest.mark.parametrize("path", ["/api/search?q=red", "/api/facets", "/api/similar/1"])
def test_nothing_is_sent_again_until_the_library_changes(client: FlaskClient, library: Library, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    add_film(library, "new.mp4", ["red"])
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_answer_of_an_older_vsearch_is_not_kept(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.freshness.version", lambda _name: "0.0.1")
    before = create_app(SearchService(library)).test_client().get("/api/search?q=red")
    again = client.get("/api/search?q=red", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 200


def test_another_question_has_another_tag(client: FlaskClient) -> None:
    tags = {client.get(f"/api/search?q={words}").headers["ETag"] for words in ("red", "blue", "red&k=1")}
    assert len(tags) == 3


def test_an_error_is_never_kept(client: FlaskClient) -> None:
    for path in ("/api/search", "/api/nothing", "/api/similar/99"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_picture_finds_what_looks_like_it(client: FlaskClient) -> None:
    document = ask(client, picture=(jpeg("blue"), "sea.jpg")).get_json()
    assert document["results"][0]["title"].startswith("<b>")
    assert document["results"][0]["start"] == 0.0


def test_a_clip_finds_what_looks_like_it(client: FlaskClient, tmp_path: Path) -> None:
    draw_film(tmp_path / "asked.mp4", ["red"])
    document = ask(client, clip=((tmp_path / "asked.mp4").read_bytes(), "asked.mp4")).get_json()
    assert document["results"][0]["title"] == "sunrise.mp4"


@pytest.mark.parametrize(
    ("files", "status", "says"),
    [
        ({}, 400, "no file"),
        ({"picture": (b"hello", "sea.jpg")}, 422, "sea.jpg"),
        ({"clip": (b"hello", "sea.mp4")}, 422, "sea.mp4"),
        ({"picture": (jpeg("blue"), "a.jpg"), "clip": (jpeg("blue"), "b.jpg")}, 400, "not several"),
        ({"sound": (b"hello", "sea.wav")}, 400, "sound is not known"),
    ],
)
def test_a_file_that_cannot_be_asked_with_is_refused_in_words(
    client: FlaskClient, files: dict[str, tuple[bytes, str]], status: int, says: str
) -> None:
    response = ask(client, **files)
    error = response.get_json()["error"]
    assert (response.status_code, says in error["message"]) == (status, True), error


def test_text_where_a_file_belongs_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/search", data={"picture": "sea.jpg"}, content_type="multipart/form-data")
    assert response.status_code == 400


def test_too_large_a_file_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_search, "LARGEST_UPLOAD", 1000)
    response = ask(client, clip=(bytes(2000), "long.mp4"))
    assert (response.status_code, response.get_json()["error"]["code"]) == (413, "too-large")


def test_only_a_form_is_taken(client: FlaskClient) -> None:
    for body in ({"json": {"q": "red"}}, {"data": b"\xff\xd8", "content_type": "image/jpeg"}, {"data": {"q": "red"}}):
        response = client.post("/api/search", **body)
        assert (response.status_code, response.get_json()["error"]["code"]) == (415, "unsupported-media-type")


def test_a_file_too_many_at_once_is_told_to_wait(
    library: Library, monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    one_place = create_app(SearchService(library))
    begun, end = threading.Event(), threading.Event()

    def wait(*_: object) -> dict[str, Any]:
        begun.set()
        end.wait(10)
        return {}

    monkeypatch.setattr(api_search, "encode_files", wait)
    first = threading.Thread(target=lambda: ask(one_place.test_client(), picture=(jpeg("blue"), "a.jpg")))
    first.start()
    begun.wait(10)
    refused = ask(one_place.test_client(), picture=(jpeg("blue"), "b.jpg"))
    end.set()
    first.join()
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) > 0


def test_a_page_elsewhere_cannot_ask_with_files(client: FlaskClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post("/api/search", headers=headers, data={}, content_type="multipart/form-data")
        assert (response.status_code, response.get_json()["error"]["code"]) == (403, "foreign-origin")
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "Host": "localhost"}
    assert client.post("/api/search", headers=own, data={}, content_type="multipart/form-data").status_code == 400
