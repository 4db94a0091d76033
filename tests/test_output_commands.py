"""`vsearch search --format` and `--open` as a person runs them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from search.outputs.registry import FORMATS
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.library_fixtures import add_film, make_library

ODD = 'holiday, "red" & it\'s.mp4'


@pytest.fixture(autouse=True)
def _library(tmp_path: Path) -> None:
    (tmp_path / ODD).touch()
    with make_library(read_settings().library) as library:
        add_film(library, ODD, ["red"], root=tmp_path)
        add_film(library, "blue.mp4", ["blue"], root=tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_stdout_alone(line: CommandLine, name: str) -> None:
    done = line("search", "red", "--format", name)
    assert (done.code, done.err) == (0, "")
    assert "holiday" in done.out


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_without_moments_is_written_in_every_format(line: CommandLine, name: str) -> None:
    with make_library(read_settings().library) as library:
        library.catalog.forget_clips()
    assert line("search", "red", "--format", name).code == 0
    assert line("search", "red", "--format", name, "--fail-empty").code == 1


def test_what_a_person_should_know_is_said_beside_a_file(line: CommandLine) -> None:
    assert "zorgblat" in line("search", "a red zorgblat", "--format", "csv").err


def test_json_is_short_for_its_format(line: CommandLine) -> None:
    short, long = line("search", "red", "--json").document, line("search", "red", "--format", "json").document
    assert short["results"] == long["results"]
    assert short["facets"] == long["facets"]


def test_a_format_that_is_none_is_refused(line: CommandLine) -> None:
    done = line("search", "red", "--format", "fcpxml")
    assert done.code == 2
    assert "ffconcat" in done.err


def test_open_plays_the_best_moment(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    code = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"
    monkeypatch.setenv("VSEARCH_PLAYER", f'{sys.executable} -c "{code}" {seen} {{path}}')
    monkeypatch.setattr("search.terminal.player.SETTLED", 30)
    assert line("search", "red", "--open").code == 0
    assert seen.read_text() == str(tmp_path / ODD)


def test_without_a_player_open_is_a_line_after_the_answer(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSEARCH_PLAYER", "no-such-player")
    done = line("search", "red", "--open")
    assert done.code == 3
    assert "no-such-player" in done.err
    assert "holiday" in done.out
