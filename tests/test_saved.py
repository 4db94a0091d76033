"""Saved searches: kept under names, and asked for what is new."""

from __future__ import annotations

import pytest

from search.catalog.records import Segment
from search.errors import BadQuery, NotFound, UsageError
from search.library import Library, open_library
from search.saved import add_saved, find_saved, new_moments, remove_saved, run_saved
from search.service import SearchService
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.library_fixtures import add_film, make_library
from tests.stores import only_sqlite

HAPPY = [Segment("emotion", "happy", 0.0, 1.0, 0.9)]


@pytest.fixture
def library() -> Library:
    """In the usual place."""
    made = make_library(read_settings().library)
    add_film(made, "old.mp4", ["red"], segments=HAPPY)
    return made


@pytest.fixture
def service(library: Library) -> SearchService:
    return SearchService(library)


def told(service: SearchService, name: str) -> list[str]:
    with new_moments(service, name) as answer:
        return [hit.clip.title for hit in answer.hits]


def test_a_saved_search_is_asked_by_its_name(service: SearchService) -> None:
    add_saved(service.library, "reds", "  a   red thing ")
    assert find_saved(service.library, "reds").question == "a red thing"
    assert run_saved(service, "reds").hits[0].clip.title == "old.mp4"


@pytest.mark.parametrize("name", ["\udcff", "\0", "x" * 10_000])
def test_what_can_be_no_name_is_not_found(library: Library, name: str) -> None:
    with pytest.raises(NotFound, match="no saved search"):
        find_saved(library, name)


def test_names_are_taken_once(library: Library) -> None:
    add_saved(library, "reds", "red")
    with pytest.raises(UsageError, match="already"):
        add_saved(library, "reds", "blue")
    assert find_saved(library, "reds").question == "red"


@pytest.mark.parametrize("name", ["", " reds", "two\nlines", "x" * 201, "\u202ebackwards"])
def test_what_is_no_name_is_refused(library: Library, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        add_saved(library, name, "red")


def test_a_question_that_cannot_be_asked_is_not_kept(library: Library) -> None:
    with pytest.raises(BadQuery):
        add_saved(library, "nothing", "   ")
    assert library.catalog.saved_searches() == []


def test_an_unknown_name_is_met_with_the_nearest(library: Library) -> None:
    add_saved(library, "beach dogs", "red")
    with pytest.raises(NotFound) as caught:
        remove_saved(library, "beach dog")
    assert "beach dogs" in caught.value.cure


def test_only_what_is_new_is_told_and_only_once(service: SearchService) -> None:
    add_saved(service.library, "reds", "red")
    assert told(service, "reds") == ["old.mp4"]
    assert told(service, "reds") == []
    add_film(service.library, "new.mp4", ["red"])
    assert told(service, "reds") == ["new.mp4"]
    assert told(service, "reds") == []


def test_a_question_of_tags_alone_is_told_what_is_new(service: SearchService) -> None:
    add_saved(service.library, "happy", "emotion:happy")
    told(service, "happy")
    add_film(service.library, "new.mp4", ["blue"], segments=HAPPY)
    assert told(service, "happy") == ["new.mp4"]


def test_what_was_not_told_to_the_end_stays_new(service: SearchService) -> None:
    add_saved(service.library, "reds", "red")
    with pytest.raises(BrokenPipeError), new_moments(service, "reds"):
        raise BrokenPipeError
    assert told(service, "reds") == ["old.mp4"]


def test_a_clip_that_comes_while_asking_is_new_the_next_time(service: SearchService) -> None:
    add_saved(service.library, "reds", "red")
    with new_moments(service, "reds"):
        add_film(service.library, "meanwhile.mp4", ["red"])
    assert told(service, "reds") == ["meanwhile.mp4"]


def test_asking_for_all_does_not_count_as_told(service: SearchService) -> None:
    add_saved(service.library, "reds", "red")
    run_saved(service, "reds")
    assert told(service, "reds") == ["old.mp4"]


def test_the_mark_never_goes_back(library: Library) -> None:
    add_saved(library, "reds", "red")
    library.catalog.mark_search("reds", 7)
    library.catalog.mark_search("reds", 3)
    assert find_saved(library, "reds").newest_clip == 7


def test_the_commands_as_a_script_uses_them(line: CommandLine, library: Library) -> None:
    assert line("saved", "list").code == 0
    added = line("saved", "add", "reds", "red", "--json").document
    assert (added["name"], added["question"], added["last_run"]) == ("reds", "red", None)
    again = ["saved", "run", "reds", "--new-since-last", "--fail-empty", "-k", 1, "--json"]
    first = line(*again)
    assert (first.code, first.document["results"][0]["title"]) == (0, "old.mp4")
    second = line(*again)
    assert (second.code, second.document["results"]) == (1, [])
    assert line("saved", "run", "reds", "--format", "m3u").out.startswith("#EXTM3U")
    assert line("saved", "list", "--json").document["saved"][0]["last_run"].endswith("Z")
    assert "reds  red" in line("saved", "list").out
    assert line("saved", "remove", "reds", "--json").document["removed"] == "reds"
    assert line("saved", "run", "reds").code == 2


@only_sqlite
def test_a_library_that_is_only_read_says_so(
    line: CommandLine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    monkeypatch.setattr("os.access", lambda *_: False)
    done = line("saved", "add", "reds", "red")
    assert done.code == 3
    assert "Traceback" not in done.err
    with open_library(encoder=FakeEncoder()) as opened:
        assert opened.catalog.saved_searches() == []
