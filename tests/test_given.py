"""Paths that are not there: what a person is told, and what may have been meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.asking import encode_picture
from indexer.finding import given
from indexer.finding.discover import discover
from indexer.finding.given import did_you_mean, near_path, no_film
from search.errors import PathNotFound
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder


def test_a_folder_that_is_misspelt_is_answered_with_the_one_beside_it(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "phone").mkdir()
    done = line("index", tmp_path / "phnoe", "--encoder", "fake")
    assert done.code == 2
    assert done.err == f"vsearch: There is no {tmp_path / 'phnoe'}.\n  Did you mean {tmp_path / 'phone'}?\n"


@pytest.mark.parametrize(
    ("given_name", "found"),
    [("Holiday", "holiday"), ("birthday.mp4", None), ("x", None), ("hidden", None), ("plaza\x1b", "plaza")],
)
def test_only_what_is_nearly_the_same_is_meant(tmp_path: Path, given_name: str, found: str | None) -> None:
    for name in ("holiday", ".hidden", "plaza"):
        (tmp_path / name).mkdir()
    assert near_path(tmp_path / given_name) == (tmp_path / found if found else None)


def test_where_nothing_can_be_seen_nothing_is_meant(tmp_path: Path) -> None:
    assert did_you_mean(tmp_path / "gone" / "phone", Path("\0/phone")) == ""


def test_a_file_that_is_there_but_cannot_be_used_is_not_what_was_meant_by_itself(tmp_path: Path) -> None:
    (tmp_path / "dog.png").touch()
    assert near_path(tmp_path / "dog.png") is None


def test_of_a_huge_folder_only_some_names_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (tmp_path / f"film{number}").touch()
    monkeypatch.setattr(given, "MOST_NAMES", 0)
    assert near_path(tmp_path / "film") is None


def test_every_path_that_is_not_there_is_named_in_words_that_any_stream_takes(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"film\xff.mp4")
    with pytest.raises(PathNotFound) as error:
        discover([tmp_path / "one", odd])
    assert "one, " in error.value.message
    assert "film\ufffd.mp4" in error.value.message


@pytest.mark.parametrize("command", ["classify", "frames", "export", "annotate"])
def test_a_folder_named_as_a_film_is_said_to_be_one(line: CommandLine, tmp_path: Path, command: str) -> None:
    options = {
        "classify": ("--encoder", "fake"),
        "frames": (tmp_path / "out",),
        "export": ("--from", 0, "--to", 1),
        "annotate": ("-o", tmp_path / "seen.mp4"),
    }
    done = line(command, tmp_path, *options[command])
    assert done.code == 2
    assert f"{tmp_path} is a folder, not a film.\n  Name a film in it." in done.err


def test_a_server_does_not_tell_what_lies_beside_a_film(tmp_path: Path) -> None:
    (tmp_path / "flim.mp4").touch()
    assert no_film(tmp_path / "film.mp4").cure == f"Did you mean {tmp_path / 'flim.mp4'}?"
    assert no_film(tmp_path / "film.mp4", look_around=False).cure == "Name a film."


def test_a_picture_to_ask_with_that_is_misspelt_is_answered_with_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "dog.png").touch()
    with pytest.raises(PathNotFound) as error:
        encode_picture(tmp_path / "dgo.png", FakeEncoder())
    assert error.value.cure == f"Did you mean {tmp_path / 'dog.png'}?"
