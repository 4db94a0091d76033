"""From an empty library to a first result: the first page, and the folders that a browser may choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.catalog.jobs import JobKind
from search.catalog.records import Segment
from search.errors import PathNotFound
from search.library import Library
from search.service import SearchService
from tests.library_fixtures import add_film, make_library
from web.app import create_app
from web.safety.access import open_access

TOKEN = "a-token-for-the-tests"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "ada"
    for name in ("Videos/sea & sand/a.mp4", "Videos/b.mp4", "Documents/letter.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    monkeypatch.setenv("VSEARCH_PLACES", str(home))
    return home


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        yield library


@pytest.fixture
def service(library: Library) -> SearchService:
    return SearchService(library)


@pytest.fixture
def client(home: Path, service: SearchService) -> FlaskClient:
    return create_app(service).test_client()


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/library/folders[^"]*)"', page)]


def chips(client: FlaskClient) -> list[str]:
    """The tags that the page to begin on offers."""
    return re.findall(r'<a class="chip" href="[^"]*">([^<]*)</a>', client.get("/library/begin").text)


def asked(library: Library) -> tuple[JobKind, tuple[str, ...]]:
    newest = library.catalog.jobs()[0]
    return newest.kind, newest.about


def test_the_first_page_leads_by_links_to_a_folder_and_its_films(
    client: FlaskClient, library: Library, home: Path
) -> None:
    first = client.get("/").text
    assert "Nothing is indexed yet" in first
    places = client.get(links(first)[0]).text
    at_home = client.get(links(places)[0]).text
    assert "Documents" in at_home
    assert "letter.txt" not in at_home
    in_videos = client.get(next(link for link in links(at_home) if link.endswith("Videos"))).text
    assert "2 films" in in_videos
    inside = client.get(links(in_videos)[-1]).text
    assert "sea &amp; sand" in inside
    path = unescape(re.findall(r'name="path" value="([^"]*)"', inside)[0])

    answer = client.post("/library/add", data={"path": path})

    assert (answer.status_code, answer.location) == (303, "/library/begin")
    assert asked(library) == (JobKind.INDEX, (str(home / "Videos" / "sea & sand"),))
    assert "being indexed" in client.get("/").text


def test_places_with_films_are_offered_at_once(client: FlaskClient, home: Path) -> None:
    assert f'name="path" value="{home}"' in client.get("/").text


def test_who_has_no_films_gets_drawn_ones(client: FlaskClient, library: Library) -> None:
    assert 'action="/library/draw"' in client.get("/").text
    assert client.post("/library/draw").location == "/library/begin"
    assert asked(library) == (JobKind.DRAW, (str(library.path / "drawn"),))


def test_what_went_wrong_is_said_on_the_first_page_with_the_way_to_begin_again(
    client: FlaskClient, library: Library
) -> None:
    library.catalog.queue_job(JobKind.INDEX, ["/films"])
    job = library.catalog.claim_job()
    assert job is not None
    library.catalog.fail_job(job, PathNotFound("There is no /films.", "Connect the disk."))
    page = client.get("/").text
    assert "There is no /films. Connect the disk." in page
    assert "Choose a folder" in page


def test_what_surely_finds_something_is_offered_once_there_are_clips(
    client: FlaskClient, service: SearchService, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.asking.suggesting.SENTENCES", "blue / red")
    monkeypatch.setattr("search.background.sentences", lambda: ["cyan", "magenta", "grey", "green", "white", "black"])
    add_film(library, "sunset.mp4", ["red", "red", "orange"])
    service.warm()

    page = client.get("/library/begin").text

    assert "Ready" in page
    assert 'href="/?q=red"' in page
    assert 'href="/?q=blue"' not in page
    assert "Nothing is indexed yet" not in client.get("/").text


def test_the_tags_that_are_offered_are_those_of_now(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = add_film(library, "sunset.mp4", ["red"], segments=[Segment("emotion", "happy", 0.0, 1.0, 0.9)])
    assert chips(client) == ["emotion:happy"]
    library.catalog.replace_segments(film, ["emotion"], [Segment("emotion", "sad", 0.0, 1.0, 0.9)])
    assert chips(client) == ["emotion:sad"]
    monkeypatch.setenv("VSEARCH_NO_EMOTION", "1")
    assert chips(client) == []


def test_an_empty_library_is_not_searched(
    client: FlaskClient, service: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    service.warm()
    monkeypatch.setattr("web.library.begin.suggest", asked.append)
    assert "Nothing is indexed yet" in client.get("/library/begin").text
    assert asked == []


def test_beyond_the_last_folder_a_link_leads_back_to_some(client: FlaskClient, home: Path) -> None:
    far = client.get("/library/folders", query_string={"at": str(home), "skip": 1000}).text
    earlier = re.findall(r'href="([^"]*)">Earlier<', far)
    assert "Documents" in client.get(unescape(earlier[0])).text


@pytest.mark.parametrize("named", ["/", "/etc", "{home}/..", "{home}/Videos/../..", "relative", "%00", "{home}%00"])
def test_no_folder_outside_the_places_is_shown(client: FlaskClient, home: Path, named: str) -> None:
    refused = client.get(f"/library/folders?at={named.format(home=home)}")
    assert refused.status_code == 404
    assert "not offered" in refused.text
    assert any(link.endswith(home.name) for link in links(refused.text))


@pytest.fixture
def visitor(home: Path, service: SearchService) -> FlaskClient:
    """One who has logged in to a server that others can reach."""
    client = create_app(service, access=open_access(TOKEN)).test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    client.post("/login", data={"token": TOKEN})
    return client


def test_who_has_logged_in_may_choose_below_the_places_and_nowhere_else(
    visitor: FlaskClient, library: Library, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    assert "ada" in visitor.get("/library/folders").text
    assert 'id="folder"' not in visitor.get("/library/folders").text  # no path can be typed
    assert visitor.post("/library/add", data={"path": str(tmp_path / "elsewhere")}).status_code == 404
    assert not library.catalog.jobs()
    assert visitor.post("/library/add", data={"path": str(home / "Videos")}).status_code == 303
    assert asked(library) == (JobKind.INDEX, (str(home / "Videos"),))


def test_who_has_not_logged_in_sees_no_folder(visitor: FlaskClient) -> None:
    visitor.delete_cookie("vsearch")
    sent: dict[str, Any] = {"headers": {"Accept": "text/html"}}
    assert visitor.get("/library/folders", **sent).status_code == 302
    assert visitor.post("/library/add", data={"path": "/"}).status_code == 401
