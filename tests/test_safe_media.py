"""Films over HTTP: by id alone, and only below the folders that were indexed, whatever is put in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search.library import Library
from search.service import SearchService
from tests.harmful_site import app, client, library
from tests.library_fixtures import make_library
from tests.site_library import add_file, draw_film
from web.app import create_app

__all__ = ["app", "client", "library"]  # fixtures


@pytest.mark.parametrize(
    "path",
    [
        "/media/1%00",
        "/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/media/..%2f1",
        "/media/1%2f..%2f..%2fcatalog.db",
        "/media/1;/../../catalog.db",
        "/proxies/..%2fcatalog.db",
        "/proxies/1%00.mp4",
        "/thumbnails/%00.jpg",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..\\app.py",
        "/static/%00",
        "/static//etc/passwd",
        "/api/docs/..%2f..%2fopenapi.json",
        "/sprites/1.jpg%00.png",
    ],
)
def test_no_spelling_of_an_address_leads_out(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code in (404, 308)
    assert b"import" not in answer.data


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[tuple[FlaskClient, Path, Library]]:
    """A client, the root of film 1, and the library, of which anything may be swapped."""
    films = tmp_path / "films"
    films.mkdir()
    draw_film(films / "film.mp4", ["red"])
    with make_library(tmp_path / "library") as library:
        add_file(library, films / "film.mp4", ["red"])
        yield create_app(SearchService(library)).test_client(), films, library


def refused_everywhere(client: FlaskClient) -> bool:
    """Whether no door leads to the file of film 1."""
    doors = ("/media/1", "/export?video=1&start=0&end=1", "/live/video/1.mjpeg")
    answers = [client.get(door, buffered=True).status_code for door in doors]
    return {*answers, client.post("/proxies/1").status_code} == {404}


def test_a_root_that_was_swapped_for_a_link_opens_nothing(moved: tuple[FlaskClient, Path, Library]) -> None:
    client, films, _ = moved
    secret = films.parent / "secret"
    secret.mkdir()
    (secret / "film.mp4").write_bytes(b"not yours")
    films.rename(films.with_name("away"))
    films.symlink_to(secret)
    assert refused_everywhere(client)


def test_a_folder_swapped_for_a_link_out_of_the_root_opens_nothing(moved: tuple[FlaskClient, Path, Library]) -> None:
    client, films, library = moved
    (films / "sub").mkdir()
    inner = films / "sub" / "film.mp4"
    inner.write_bytes((films / "film.mp4").read_bytes())
    library.catalog.move_video(1, library.catalog.roots()[0].id, "sub/film.mp4", library.catalog.video(1).file)
    secret = films.parent / "secret"
    secret.mkdir()
    (secret / "film.mp4").write_bytes(b"not yours")
    (films / "sub").rename(films.parent / "away")
    (films / "sub").symlink_to(secret)
    assert refused_everywhere(client)


def test_a_root_that_is_a_link_plays_what_was_indexed_there(moved: tuple[FlaskClient, Path, Library]) -> None:
    client, films, _ = moved
    films.rename(films.with_name("disk"))
    films.symlink_to(films.with_name("disk"))
    assert client.get("/media/1", buffered=True).status_code == 200


def test_a_way_up_in_the_catalog_itself_leads_nowhere(moved: tuple[FlaskClient, Path, Library]) -> None:
    client, films, library = moved
    (films.parent / "secret.mp4").write_bytes(b"not yours")
    library.catalog.move_video(1, library.catalog.roots()[0].id, "../secret.mp4", library.catalog.video(1).file)
    assert refused_everywhere(client)
