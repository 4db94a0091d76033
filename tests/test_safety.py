"""What the site refuses, on every address it has: the list of addresses comes from the application itself."""

from __future__ import annotations

import hmac

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search.library import Library
from search.service import SearchService
from tests.harmful_site import TOKEN, addresses, app, client, guarded, library, streams
from web.app import create_app
from web.commands import serve
from web.safety import access
from web.safety.access import OPEN, open_access
from web.safety.security import HEADERS, SAFE_METHODS

__all__ = ["app", "client", "guarded", "library"]  # fixtures

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
]


def test_no_page_elsewhere_can_change_anything(app: Flask, client: FlaskClient) -> None:
    changes = [(method, address) for _, method, address in addresses(app) if method not in SAFE_METHODS]
    assert len(changes) > 10
    for method, address in changes:
        for headers in FOREIGN:
            answer = client.open(address, method=method, headers=headers)
            assert (answer.status_code, address) == (403, address), headers


def test_no_page_elsewhere_can_load_anything_but_follow_a_link(app: Flask, client: FlaskClient) -> None:
    for endpoint, method, address in addresses(app):
        if method != "GET":
            continue
        for site in ("cross-site", "same-site"):
            loaded = client.get(address, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
            assert (loaded.status_code, address) == (403, address)
        if endpoint == "exports.export":  # it costs seconds
            led = client.get(address, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
            assert led.status_code == 403
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.slow
def test_every_answer_has_the_headers_even_where_it_is_an_error(
    app: Flask, client: FlaskClient, guarded: Flask
) -> None:
    answers: list[TestResponse] = [
        client.get(address, buffered=True)
        for endpoint, method, address in addresses(app)
        if method == "GET" and not streams(endpoint) and endpoint != "exports.export"
    ]
    answers += [
        client.get("/nothing"),
        client.get("/api/nothing"),
        client.put("/"),
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/?q=" + "a" * 70_000),
        client.post("/picture", data={"q": "a" * 2_000_000}),
        client.post("/saved", headers={"Sec-Fetch-Site": "cross-site"}),
        client.options("/"),
        guarded.test_client().get("/api/search"),
        guarded.test_client().get("/"),
    ]
    assert {400, 401, 302, 403, 404, 405, 413} <= {answer.status_code for answer in answers}
    for answer in answers:
        for name, value in HEADERS.items():
            given = answer.headers.get(name, "")
            assert value in (given, given.replace("img-src 'self' data:", "img-src 'self'")), answer.request.path
        assert "Cache-Control" in answer.headers
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_no_name_but_its_own_is_answered_at_any_address(app: Flask, client: FlaskClient) -> None:
    for _, method, address in addresses(app):
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""):
            answer = client.open(address, method=method, headers={"Host": host})
            assert (answer.status_code, address) == (400, address), host


def test_nothing_but_login_health_and_looks_is_answered_without_the_token(guarded: Flask) -> None:
    client = guarded.test_client()
    for endpoint, method, address in addresses(guarded):
        if endpoint in OPEN:
            continue
        wrong = {"Authorization": "Bearer " + TOKEN[:-1], "Cookie": "vsearch=" + "0" * 128}
        for headers in ({}, wrong):
            answer = client.open(address, method=method, headers={"Host": "192.0.2.7", **headers})
            assert answer.status_code in (302, 401), (method, address)
            assert "onerror" not in answer.text
    assert {endpoint for endpoint in OPEN if endpoint not in guarded.view_functions} == set()


def test_tokens_are_compared_in_constant_time(guarded: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    really = hmac.compare_digest

    def compare(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return really(given, wanted)

    monkeypatch.setattr("web.safety.access.hmac.compare_digest", compare)
    client = guarded.test_client()
    for token in ("", "c", TOKEN[:-1], "x" * 1000):
        client.get("/api/videos", headers={"Authorization": f"Bearer {token}", "Host": "192.0.2.7"})
        client.post("/login", data={"token": token}, headers={"Host": "192.0.2.7"})
    assert {given for given, wanted in compared if wanted == TOKEN.encode()} >= {b"c", TOKEN[:-1].encode()}


def test_without_being_asked_it_listens_to_this_machine_alone() -> None:
    [host] = [option for option in serve.params if option.name == "host"]
    assert host.default == "127.0.0.1"


def test_who_asks_too_fast_is_told_when_to_come_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "REQUESTS", "3 per minute")
    client = create_app(SearchService(library), access=open_access(TOKEN)).test_client()
    headers = {"Host": "192.0.2.7", "Authorization": f"Bearer {TOKEN}"}
    answers = [client.get("/api/videos", headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
