"""Saved searches over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search.library import Library
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from web.app import create_app


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        add_film(library, "first.mp4", ["red", "blue"])
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(SearchService(library)).test_client()


def save(client: FlaskClient, name: str, question: str = "red") -> int:
    return client.post("/api/saved", json={"name": name, "question": question}).status_code


def test_a_search_is_saved_told_and_removed(client: FlaskClient) -> None:
    created = client.post("/api/saved", json={"name": "reds", "question": "red"})
    assert created.status_code == 201
    document = client.get("/api/saved").get_json()
    assert [(saved["name"], saved["question"], saved["last_run"]) for saved in document["saved"]] == [
        ("reds", "red", None)
    ]
    assert client.get("/api/saved/reds").get_json() == {"schema": 1, **document["saved"][0]} == created.get_json()
    assert client.delete("/api/saved/reds").get_json() == {"schema": 1, "removed": "reds"}
    assert client.get("/api/saved").get_json()["saved"] == []
    assert client.delete("/api/saved/reds").status_code == 404


def test_a_name_may_hold_any_character(client: FlaskClient) -> None:
    for quoted, name in (("a%2Fb", "a/b"), ("caf%C3%A9%3F", "café?"), ("x%2F", "x/")):
        assert save(client, name) == 201
        assert client.get(f"/api/saved/{quoted}").get_json()["name"] == name
        assert client.post(f"/api/saved/{quoted}", json={"k": 1}).get_json()["count"] == 1
        assert client.delete(f"/api/saved/{quoted}").status_code == 200


def test_a_saved_search_is_asked(client: FlaskClient) -> None:
    save(client, "reds")
    document = client.post("/api/saved/reds", json={"k": 1}).get_json()
    assert (document["count"], document["results"][0]["start"]) == (1, 0.0)


def test_what_is_new_is_told_once(client: FlaskClient, library: Library) -> None:
    save(client, "reds")

    def new() -> list[str]:
        document = client.post("/api/saved/reds", json={"new_since_last": True}).get_json()
        return [result["title"] for result in document["results"]]

    assert set(new()) == {"first.mp4"}
    assert new() == []
    add_film(library, "second.mp4", ["red"])
    assert new() == ["second.mp4"]
    assert client.get("/api/saved/reds").get_json()["last_run"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        {"name": "a"},
        {"name": "", "question": "red"},
        {"name": " a", "question": "red"},
        {"name": "a\nb", "question": "red"},
        {"name": "a" * 201, "question": "red"},
        {"name": "a", "question": " "},
        {"name": "a", "question": 'said:"red'},
        {"name": 1, "question": "red"},
        {"name": "a", "question": "red", "owner": "me"},
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(client: FlaskClient, body: object) -> None:
    response = client.post("/api/saved", json=body)
    assert response.status_code == 400
    assert all(response.get_json()["error"].values())
    assert client.get("/api/saved").get_json()["saved"] == []


def test_a_name_is_taken_once(client: FlaskClient) -> None:
    assert save(client, "reds") == 201
    assert save(client, "reds", "blue") == 400


def test_only_json_is_taken(client: FlaskClient) -> None:
    """A form on a page elsewhere can send the other types without asking."""
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = client.post("/api/saved", data='{"name": "a", "question": "red"}', content_type=content_type)
        assert response.status_code == 415


def test_a_page_elsewhere_changes_nothing(client: FlaskClient) -> None:
    save(client, "reds")
    evil = {"Origin": "http://localhost:1", "Host": "localhost:8765"}
    assert client.post("/api/saved", json={"name": "a", "question": "red"}, headers=evil).status_code == 403
    assert client.post("/api/saved/reds", json={}, headers=evil).status_code == 403
    assert client.delete("/api/saved/reds", headers=evil).status_code == 403
    assert [saved["name"] for saved in client.get("/api/saved").get_json()["saved"]] == ["reds"]
