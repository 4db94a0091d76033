"""Questions with a picture, a film, a moment that was found; and the results as one picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from search.terminal import player
from tests.command_line import CommandLine
from tests.fakes import COLOURS
from tests.films import draw_film
from tests.library_fixtures import add_film, make_library

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def asked(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """In a library of three colours, with a green picture beside it."""
    with make_library(tmp_path / "library") as library:
        add_film(library, "three.mp4", ["red", "green", "blue"])
        add_film(library, "two.mp4", ["blue", "green"])
    picture = np.full((48, 64, 3), COLOURS["green"][::-1], np.uint8)
    cv2.imwrite(str(tmp_path / "green.png"), picture)
    monkeypatch.setenv("VSEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    return line


def found(asked: CommandLine, *words: object) -> list[tuple[str, float]]:
    done = asked(*words, "--json")
    assert done.code == 0, done.err
    return [(result["title"], result["peak"]["start"]) for result in done.document["results"]]


def test_a_picture_finds_what_looks_like_it(asked: CommandLine) -> None:
    (first,) = asked("search", "--image", "green.png", "-k", 1, "--json").document["results"]

    assert (first["peak"]["start"], first["duplicates"]) == (1.6, 1)  # the same green is in both films


def test_a_picture_can_be_named_in_the_question(asked: CommandLine) -> None:
    assert found(asked, "search", "like:green.png name:two", "-k", 1) == [("two.mp4", 1.6)]


def test_a_film_finds_what_looks_like_it(asked: CommandLine, tmp_path: Path) -> None:
    draw_film(tmp_path / "blue.mp4", "blue", seconds=3)

    assert found(asked, "search", "--clip", "blue.mp4", "name:two", "-k", 1) == [("two.mp4", 0.0)]


def test_a_moment_leads_to_others_like_it_but_not_to_itself(asked: CommandLine) -> None:
    (green,) = asked("search", "green name:three", "-k", 1, "--json").document["results"]

    assert found(asked, "similar", green["clip_id"], "-k", 1) == [("two.mp4", 1.6)]


def test_the_results_side_by_side(asked: CommandLine, tmp_path: Path) -> None:
    done = asked("search", "blue", "-k", 4, "--montage", "out.png")

    page = cv2.imread(str(tmp_path / "out.png"))
    assert done.code == 0
    assert page.shape[1] > 2 * 320
    assert "three.mp4" in done.out


def test_the_picture_of_the_results_is_shown_instead_of_a_film(
    asked: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[list[str]] = []
    monkeypatch.setattr(player.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(player, "_start", lambda command: shown.append(command) or "viewer")

    done = asked("search", "blue", "--montage", "out.png", "--open")

    assert done.code == 0
    assert [command[-1] for command in shown] == [str(tmp_path / "out.png")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "--image", "absent.png"], "absent.png"),
        (["search", "--image", "green.png", "--clip", "green.png"], "not two"),
        (["search", "like:absent.png"], "absent.png"),
        (["search", "blue", "--montage", "out.txt"], "no picture that can be written"),
        (["search", "blue name:nowhere", "--montage", "out.png"], "no result to show"),
        (["similar", "999"], "999"),
        (["similar", "tom"], "tom"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: CommandLine, words: list[str], said: str) -> None:
    done = asked(*words)

    assert done.code == 2
    assert said in done.err


def test_words_in_a_file_that_is_no_picture_are_refused(asked: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("only words")

    done = asked("search", "--image", "words.png")

    assert done.code == 2
    assert "words.png" in done.err
