"""A site over a library whose only film, label and words are named to do harm; and every address that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.catalog.records import Cue, FileFacts, NewVideo, Segment, VideoFacts, VideoState
from search.library import Library
from search.service import SearchService
from tests.library_fixtures import CLIP_SECONDS, colour_clip, make_library
from tests.site_library import RATE, draw_film
from web.app import create_app
from web.safety.access import open_access

EVIL = '=cmd|"/c"<img src=x onerror=alert(1)>\u202egpj\r\n\u2066.mp4'
TOKEN = "correct-horse-battery-staple"


def add_evil_film(library: Library, folder: Path) -> None:
    folder.mkdir()
    draw_film(folder / EVIL.replace("/", "∕"), ["red", "blue"])
    [film] = folder.iterdir()
    facts = film.stat()
    clips = [colour_clip(colour, at) for at, colour in enumerate(("red", "blue"))]
    library.catalog.save_video(
        NewVideo(
            root_id=library.catalog.add_root(folder).id,
            relpath=film.name,
            file=FileFacts(facts.st_size, facts.st_mtime_ns, "00"),
            state=VideoState.INDEXED,
            recipe="recipe",
            facts=VideoFacts(2 * CLIP_SECONDS, 320, 180, RATE, "mpeg4", "avi"),
            clips=[*clips],
            segments=[Segment("character", "<i onclick=alert(2)>\u202e", 0.0, 3.0, 0.9)],
            cues=[Cue(0.5, 1.5, "red <u onclick=alert(3)>\u202e", EVIL)],
        )
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("safety")
    with make_library(folder / "library") as library:
        add_evil_film(library, folder / "films")
        yield library


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return create_app(SearchService(library))


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def guarded(library: Library) -> Flask:
    return create_app(SearchService(library), access=open_access(TOKEN))


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Each endpoint with a method and an address of it; an endpoint that was not there before is there, too."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)
            values |= {"filename": "site.css"} if rule.endpoint == "static" else {}
            address = app.url_for(rule.endpoint, **values)
            found += [(rule.endpoint, method, address) for method in sorted(rule.methods or ())]
    return found


def streams(endpoint: str) -> bool:
    """What never ends by itself."""
    return endpoint.startswith("live.") or endpoint == "library.events"
