"""`vsearch characters`: the groups of a library named from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.catalog.store import Catalog
from search.library import Library
from search.naming import picture_path
from search.settings import read_settings
from tests.appearances import add_appearances
from tests.command_line import CommandLine
from tests.library_fixtures import add_film, make_library


@pytest.fixture(autouse=True)
def library() -> Iterator[Library]:
    """One film of 8 s: the groups 1 2 1 3."""
    with make_library(read_settings().library) as library:
        add_appearances(library, add_film(library, "one.mp4", ["red"] * 5), (0, 1, 0, 2))
        yield library


def test_groups_are_listed_named_and_taken_back(line: CommandLine) -> None:
    assert [group["id"] for group in line("characters", "groups", "--json").document["groups"]] == [1, 2, 3]
    named = line("characters", "name", 1, "tom, jerry", "--json")
    assert named.document == {
        "schema": 1,
        "done": "naming a group tom and jerry",
        "group": 1,
        "characters": [{"label": "jerry", "seconds": 4.0}, {"label": "tom", "seconds": 4.0}],
    }
    [film] = line("screen-time", "--json").document["videos"]
    assert [(one["label"], one["ranges"]) for one in film["characters"]] == [
        ("jerry", [[0.0, 2.0], [4.0, 6.0]]),
        ("tom", [[0.0, 2.0], [4.0, 6.0]]),
    ]
    assert "tom, jerry" in line("characters", "groups").out
    assert line("characters", "undo", "--json").document["done"] == "took back naming a group tom and jerry"
    assert line("characters", "undo", "--json").document["done"] is None
    assert line("screen-time", "--json").document["videos"][0]["characters"] == []


def test_groups_are_merged_split_and_moved(line: CommandLine) -> None:
    assert line("characters", "merge", 1, 2).code == 0
    members = line("characters", "groups", 1, "--json").document["list"]
    assert [(one["id"], one["start"], one["end"]) for one in members] == [(1, 0, 2), (2, 2, 4), (3, 4, 6)]
    made = line("characters", "split", 1, 1, 2, "--json").document["group"]
    assert line("characters", "move", 4, "--to", made).code == 0
    groups = line("characters", "groups", "--json").document["groups"]
    assert [(group["id"], group["appearances"]) for group in groups] == [(made, 3), (1, 1)]


def test_a_step_that_changes_nothing_does_not_say_that_another_was_done(line: CommandLine) -> None:
    line("characters", "name", 1, "tom")
    line("characters", "merge", 2, 3)
    assert line("characters", "name", 1, "tom").out.startswith("That changes nothing (group 1).\n")
    assert line("characters", "move", 1, "--to", 1, "--json").document["done"] is None
    assert line("characters", "undo", "--json").document["done"] == "took back merging 2 groups"


@pytest.mark.parametrize("arguments", [("characters", "split", 1, 10**20), ("jobs", "cancel", 10**20)])
def test_a_number_that_no_catalog_holds_is_said_in_a_sentence(
    line: CommandLine, arguments: tuple[str | int, ...]
) -> None:
    done = line(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "The library holds nothing with a number that large." in done.err


def test_appearances_of_a_film_that_goes_meanwhile_are_left_out(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalog, "paths", lambda *_: {})
    done = line("characters", "groups", 1)
    assert (done.code, done.out.count("\n")) == (0, 1)


def test_forgetting_a_film_removes_its_pictures(line: CommandLine, library: Library) -> None:
    picture = picture_path(library.path, 1)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    assert line("forget", library.catalog.video(1).path).code == 0
    assert not picture.exists()


def test_what_cannot_be_done_is_said_in_a_sentence(line: CommandLine) -> None:
    gone = line("characters", "name", 99, "tom")
    assert (gone.code, gone.out) == (2, "")
    assert "There is no group 99." in gone.err
    assert "no name for a character" in line("characters", "name", 1, "tom,,jerry").err
    assert "Nobody has been named" in line("characters", "export", "out").err


def test_names_cannot_steer_the_terminal(line: CommandLine, library: Library) -> None:
    library.catalog.name_group(1, ["\x1b[31mtom"], "naming")
    assert "\x1b" not in line("characters", "groups").out


def test_an_empty_library_says_how_groups_are_made(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_library(tmp_path / "empty").close()
    monkeypatch.setenv("VSEARCH_LIBRARY", str(tmp_path / "empty"))
    assert "`vsearch characters group` makes them" in line("characters", "groups").err
    assert json.loads(line("characters", "groups", "--json").out)["groups"] == []
