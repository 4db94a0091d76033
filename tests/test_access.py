"""A server that others can reach: nobody asks without the token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from search.errors import UsageError
from search.service import SearchService
from tests.site_library import site_library
from web.app import create_app
from web.safety.access import Access, local, open_access

TOKEN = "correct-horse-battery-staple"
HOST = "192.0.2.7:8765"
BASE = f"http://{HOST}"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with site_library(tmp_path) as library:
        yield create_app(SearchService(library), access=open_access(TOKEN, ("films.example",))).test_client()


def get(client: FlaskClient, path: str, token: str | None = None, base: str = BASE, **headers: str) -> TestResponse:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return client.get(path, base_url=base, headers=headers)


@pytest.mark.parametrize(
    "path",
    [
        "/api/search?q=red",
        "/api/videos",
        "/api/openapi.json",
        "/media/1",
        "/thumbnails/1.jpg",
        "/metrics",
        "/complete?line=a",
    ],
)
def test_nothing_of_the_library_is_said_without_the_token(client: FlaskClient, path: str) -> None:
    refused = get(client, path)
    wrong = get(client, path, TOKEN[:-1])

    assert {refused.status_code, wrong.status_code} <= {401, 302}
    assert b"sunrise" not in refused.data
    with get(client, path, TOKEN) as answered:
        assert answered.status_code == 200


def test_programs_are_told_what_is_missing_in_the_usual_shape(client: FlaskClient) -> None:
    refused = get(client, "/api/search?q=red")

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.get_json()["error"]["code"] == "token-needed"


def test_a_person_is_led_to_the_login_page_and_back(client: FlaskClient) -> None:
    led = get(client, "/?q=red&skip=1", Accept="text/html")
    assert led.status_code == 302
    page = client.get(led.headers["Location"], base_url=BASE)
    assert 'type="password"' in page.get_data(as_text=True)

    wrong = client.post(led.headers["Location"], base_url=BASE, data={"token": "guess"})
    assert wrong.status_code == 401
    assert "not the token" in wrong.get_data(as_text=True)

    right = client.post(led.headers["Location"], base_url=BASE, data={"token": TOKEN})
    assert (right.status_code, right.headers["Location"]) == (303, "/?q=red&skip=1")
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert get(client, "/?q=red", Accept="text/html").status_code == 200


def test_health_and_the_looks_of_the_login_page_need_no_token(client: FlaskClient) -> None:
    assert get(client, "/api/health").status_code == 200
    with get(client, "/static/site.css") as sheet:
        assert sheet.status_code == 200


@pytest.mark.parametrize("base", ["http://evil.example", "http://films.example.evil.example"])
def test_a_name_that_is_not_this_machines_is_refused(client: FlaskClient, base: str) -> None:
    assert get(client, "/api/health", TOKEN, base).get_json()["error"]["code"] == "foreign-host"


@pytest.mark.parametrize("base", [BASE, "http://films.example:8765", "http://127.0.0.1", "http://[2001:db8::1]:80"])
def test_addresses_and_names_that_were_given_are_answered(client: FlaskClient, base: str) -> None:
    assert get(client, "/api/health", TOKEN, base).status_code == 200


def test_guessing_is_slow(client: FlaskClient) -> None:
    tries = [client.post("/login", base_url=BASE, data={"token": f"guess {i}"}).status_code for i in range(12)]

    assert tries == [401] * 10 + [429] * 2
    assert get(client, "/api/search?q=red", TOKEN).status_code == 200  # who has the token is not kept out


def test_a_page_of_another_site_cannot_log_anybody_in(client: FlaskClient) -> None:
    sent = client.post(
        "/login", base_url=BASE, data={"token": TOKEN}, headers={"Origin": "http://evil.example", "Host": HOST}
    )

    assert sent.status_code == 403
    assert "Set-Cookie" not in sent.headers


@given(st.text(max_size=40))
def test_no_other_token_or_cookie_is_taken(words: str) -> None:
    access = Access(TOKEN)
    from flask import Flask

    app = Flask(__name__)
    safe = words.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "").replace("\0", "")
    with app.test_request_context(headers={"Authorization": f"Bearer {safe}", "Cookie": f"vsearch={safe}"}):
        from flask import request

        assert access.admits(request) == (safe.strip() == TOKEN)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/video/3?t=2", "/video/3?t=2"),
        ("//evil.example", "/"),
        ("http://evil.example", "/"),
        ("/\\evil", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_a_path_of_this_server_only(asked: str, led: str) -> None:
    assert local(asked) == led


def test_a_token_that_is_easily_guessed_is_refused_and_none_makes_a_new_one() -> None:
    with pytest.raises(UsageError, match="16 letters"):
        open_access("secret")
    assert len(open_access("").token) > 20
    assert open_access("").token != open_access("").token
