"""Names from a disk, labels and words said are words, wherever they are shown or written."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.library import Library
from search.proxies import proxy_path
from search.service import SearchService
from tests.harmful_site import addresses, app, client, library, streams
from tests.library_fixtures import add_film, make_library
from tests.test_pages import Tags
from web.app import create_app

__all__ = ["app", "client", "library"]  # fixtures


def harmless(text: str) -> bool:
    return not re.search(r"<img src=x|<[iu] onclick|[\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.slow
def test_names_labels_and_words_are_inert_on_every_page(app: Flask, client: FlaskClient) -> None:
    questions = ["", "?q=red", "?q=red&group=video", "?q=said:red", "?q=character:tom", "?video=1", "?t=1&q=red"]
    pages = 0
    for endpoint, method, address in addresses(app):
        if method != "GET" or (streams(endpoint) and endpoint != "live.page"):
            continue
        for question in questions:
            answer = client.get(f"{address}{question}", buffered=True)
            if answer.mimetype == "text/html":
                pages += 1
                assert harmless(answer.text), (address, question)
                assert not [name for _, attrs in Tags(answer.text).found for name in attrs if name.startswith("on")]
    assert pages > 20


def test_an_error_that_names_a_film_is_inert(client: FlaskClient, library: Library) -> None:
    film = library.catalog.video(1).path
    away = film.rename(film.with_name("away"))
    try:
        for path in ("/media/1", "/export?video=1&start=0&end=1"):
            answer = client.get(path)
            assert (answer.status_code, harmless(answer.text)) == (404, True)
    finally:
        away.rename(film)


def test_an_error_names_a_film_whose_name_is_no_utf_8(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "gone-\udcff.mp4", ["red"])
        answer = create_app(SearchService(library)).test_client().get("/media/1")
    assert answer.status_code == 404
    assert "gone-\N{REPLACEMENT CHARACTER}.mp4" in answer.text


@pytest.mark.parametrize("path", ["/media/1", "/export?video=1&start=0&end=1", "/export?video=1&q=red&format=edl"])
def test_no_header_is_broken_or_turned_by_a_name(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        given = answer.headers["Content-Disposition"]
    assert re.fullmatch(r"(inline|attachment); filename\*=UTF-8''[\w.%~-]+", given)
    assert not re.search(r"%0A|%0D|%E2%80%AE|%E2%81%A6|%2F", given)


def test_a_copy_has_a_harmless_name_too(client: FlaskClient, library: Library) -> None:
    copy = proxy_path(library, library.catalog.video(1))
    copy.parent.mkdir()
    copy.write_bytes(b"a copy")
    try:
        with client.get("/proxies/1.mp4") as answer:
            assert not re.search(r"%0A|%0D|%E2%80%AE", answer.headers["Content-Disposition"])
    finally:
        copy.unlink()
        copy.parent.rmdir()


@pytest.mark.parametrize("path", ["/list?q=red", "/export?video=1&q=red"])
def test_no_cell_of_a_table_is_a_formula(client: FlaskClient, path: str) -> None:
    [_, *rows] = csv.reader(io.StringIO(client.get(f"{path}&format=csv").text, newline=""))
    assert rows
    for row in rows:
        title, tags = row[3], row[9]
        assert title.startswith("'=cmd|")
        assert "\n" not in title + tags


def test_an_edit_list_has_no_line_that_a_name_made(client: FlaskClient) -> None:
    lines = client.get("/export?video=1&start=0&end=1&format=edl").text.splitlines()
    known = re.compile(r"(TITLE:.*|FCM:.*|\d{3} .*|\* .*|)")
    assert all(known.fullmatch(line) for line in lines), lines
