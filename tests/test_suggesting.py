"""Questions that surely find something."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.asking import suggesting
from search.asking.suggesting import suggest
from search.bands import STRONG
from search.query import SearchRequest
from search.service import SearchService
from tests.library_fixtures import add_film, make_library

COLOURS = "red / zorg / blue / red red / green sea / yellow"


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "SENTENCES", COLOURS)
    absent = ["cyan", "magenta", "orange", "purple", "pink", "grey", "green", "white", "black"]
    monkeypatch.setattr("search.background.sentences", lambda: absent)


def test_what_is_offered_finds_something_strong_each_another_moment(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "sunset.mp4", ["red"] * 8 + ["blue"] * 8)
        service = SearchService(library)
        assert suggest(service) == []  # the encoder is not loaded yet
        service.warm()
        found = suggest(service)
        assert [one.line for one in found][:2] == ["red", "blue"]
        for one in found:
            best = service.search(SearchRequest(one.line, k=1)).hits[0]
            assert (best.clip.id, best.band) == (one.clip_id, STRONG)
        assert not {"zorg", "red red", "green sea"} & {one.line for one in found}
        assert len(suggest(service, most=1)) == 1


def test_of_nothing_nothing_is_offered(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        service = SearchService(library)
        service.warm()
        assert suggest(service) == []
