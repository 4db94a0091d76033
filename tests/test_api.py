"""The JSON API: the document of `search`, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.errors import ModelUnavailable
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from tests.site_library import site_library
from web.api.schemas_search import SearchQuery
from web.app import create_app


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with site_library(tmp_path_factory.mktemp("api")) as library:
        yield library


@pytest.fixture(scope="module")
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def error_of(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, Any]]:
    response = client.open(path, method=method, headers=headers)
    document = response.get_json()
    assert set(document["error"]) == {"code", "message", "cure"}
    assert document["schema"] == 1
    assert all(document["error"].values())
    return response.status_code, document["error"]


def test_a_search_answers_the_document_of_the_service(client: FlaskClient, library: Library) -> None:
    document = client.get("/api/search?q=red&k=3").get_json()
    expected = SearchService(library).search(SearchRequest("red", 3)).to_document()
    paging = {"next": document["next"], "changed": False}
    assert document | {"took_ms": 0} == expected | paging | {"took_ms": 0}
    assert document["results"][0]["title"] == "sunrise.mp4"


def test_ten_results_come_unless_asked_otherwise() -> None:
    assert SearchQuery.model_fields["k"].default == 10


@pytest.mark.parametrize("tag", ["emotion:happy", "emotion%3Dhappy"])
def test_a_tag_filters_and_needs_no_words(client: FlaskClient, tag: str) -> None:
    document = client.get(f"/api/search?q=&tag={tag}").get_json()
    assert [(result["title"], result["start"]) for result in document["results"]] == [("sunrise.mp4", 0.0)]
    assert document["query"]["tags"] == [{"kind": "emotion", "label": "happy"}]


def test_tags_can_be_any_of_several_and_last_so_long(client: FlaskClient) -> None:
    document = client.get("/api/search?q=red&tag=emotion:happy&any=1&min_seconds=0.5").get_json()
    assert document["query"]["any"] is True
    assert document["query"]["min_seconds"] == 0.5
    assert document["count"] == 1
    assert client.get("/api/search?q=red&tag=emotion:happy&min_seconds=2").get_json()["count"] == 0


def test_facets_are_had_alone(client: FlaskClient) -> None:
    happy = {"kind": "emotion", "label": "happy", "videos": 1, "clips": 1, "seconds": 1.0}
    assert client.get("/api/facets").get_json() == {"schema": 1, "facets": [happy]}
    assert client.get("/api/facets?tag=emotion:happy&min_seconds=2").get_json()["facets"] == []
    assert client.get("/api/search?q=red").get_json()["facets"] == [happy]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/search", 400, "bad-query"),
        ("/api/search?q=%20%20", 400, "bad-query"),
        ("/api/search?q=red&k=0", 400, "bad-query"),
        ("/api/search?q=red&k=-1", 400, "bad-query"),
        ("/api/search?q=red&k=1000000", 400, "bad-query"),
        ("/api/search?q=red&k=ten", 400, "bad-query"),
        ("/api/search?q=red&k=" + "9" * 5000, 400, "bad-query"),
        ("/api/search?q=red&k=", 400, "bad-query"),
        ("/api/search?q=red&tag=happy", 400, "bad-query"),
        ("/api/search?q=red&tag=emotion:hapy", 400, "unknown-tag"),
        ("/api/search?q=red&tag=emotion:happy&min_seconds=long", 400, "bad-query"),
        ("/api/search?q=red&min_seconds=1", 400, "bad-query"),
        ("/api/facets?tag=emotion:hapy", 400, "unknown-tag"),
        ("/api/search?q=%F0%9F%90%B6", 400, "bad-query"),
        ("/api/search?q=" + "a" * 10_000, 413, "too-large"),
        ("/api/search?q=" + "a" * 100_000, 413, "too-large"),
        ("/api/nothing", 404, "not-found"),
        ("/api", 404, "not-found"),
        ("/api/search/", 404, "not-found"),
    ],
)
def test_a_wrong_question_is_answered_with_a_cure(client: FlaskClient, path: str, status: int, code: str) -> None:
    got, error = error_of(client, path)
    assert (got, error["code"]) == (status, code)


def test_a_near_miss_of_a_tag_is_corrected(client: FlaskClient) -> None:
    assert "happy" in error_of(client, "/api/search?q=&tag=emotion:hapy")[1]["cure"]


def test_a_wrong_method_is_refused_with_those_allowed(client: FlaskClient) -> None:
    assert error_of(client, "/api/search", "DELETE")[0] == 405
    assert "GET" in client.delete("/api/search").headers["Allow"]


def test_a_foreign_host_name_is_refused(client: FlaskClient) -> None:
    """A page elsewhere whose name was bent to 127.0.0.1 must read nothing."""
    assert error_of(client, "/api/search?q=red", Host="evil.example:8765")[1]["code"] == "foreign-host"
    for host in ("localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"):
        assert client.get("/api/health", headers={"Host": host}).status_code == 200
    for host in ("", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[", "[::1]evil"):
        assert client.get("/api/health", headers={"Host": host}).status_code == 400


def test_health_says_ready_once_warm(library: Library) -> None:
    service = SearchService(library)
    client = create_app(service).test_client()
    assert client.get("/api/health").get_json() == {"schema": 1, "live": True, "ready": False}
    service.warm()
    assert client.get("/api/health").get_json()["ready"] is True


def test_what_is_added_while_serving_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.library_fixtures import add_film

    with site_library(tmp_path_factory.mktemp("growing")) as library:
        client = create_app(SearchService(library)).test_client()
        assert client.get("/api/search?q=magenta&k=1").get_json()["results"][0]["title"] != "new.mp4"
        add_film(library, "new.mp4", ["magenta"])
        assert client.get("/api/search?q=magenta&k=1").get_json()["results"][0]["title"] == "new.mp4"


def test_a_model_that_cannot_be_opened_is_503(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken(library, monkeypatch, ModelUnavailable("It is gone.", "Fetch it."))[0] == 503


def test_what_nobody_foresaw_is_500_without_its_innards(
    library: Library, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    status, error = broken(library, monkeypatch, RuntimeError("secret"))
    assert status == 500
    assert "secret" not in str(error)
    assert "Traceback" not in capfd.readouterr().err


def broken(library: Library, monkeypatch: pytest.MonkeyPatch, problem: Exception) -> tuple[int, dict[str, Any]]:
    service = SearchService(library)

    def search(_request: SearchRequest) -> None:
        raise problem

    monkeypatch.setattr(service, "search", search)
    return error_of(create_app(service).test_client(), "/api/search?q=red")
