from __future__ import annotations

from pathlib import Path

import pytest

from indexer.evaluating.captions_file import Candidate, CaptionRow
from indexer.evaluating.pairs import Pair, evaluate_pairs, read_pairs
from search.errors import PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.films import draw_film

RED, BLUE = Candidate("red.mp4"), Candidate("blue.mp4")

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    for colour in ("red", "blue"):
        draw_film(tmp_path / f"{colour}.mp4", colour)
    draw_film(tmp_path / "again.mp4", "red")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_share_of_right_choices_is_told_for_each_contrast(videos: Path) -> None:
    pairs = [
        Pair(CaptionRow(RED, "red"), BLUE, "one"),
        Pair(CaptionRow(BLUE, "blue"), RED, "one"),
        Pair(CaptionRow(RED, "blue"), BLUE, "other"),
    ]
    calls: list[tuple[int, int]] = []

    report = evaluate_pairs(pairs, videos, FakeEncoder(), lambda *call: calls.append(call))

    assert report.all.n == 3
    assert report.all.right == pytest.approx(2 / 3)
    assert {name: (choices.n, choices.right) for name, choices in report.contrasts.items()} == {
        "one": (2, 1.0),
        "other": (1, 0.0),
    }
    assert calls == [(1, 2), (2, 2)]  # each film is encoded once


def test_an_encoder_that_sees_no_difference_is_wrong(videos: Path) -> None:
    report = evaluate_pairs([Pair(CaptionRow(RED, "red"), Candidate("again.mp4"), "")], videos, FakeEncoder())

    assert report.all.right == 0.0


def test_the_twin_is_asked_about_the_same_span(tmp_path: Path) -> None:
    path = write(tmp_path, "path,start,end,caption,twin,contrast\na.mp4,1,2.5,a cat runs,b.mp4,left/right\n")

    (pair,) = read_pairs(path)

    assert pair == Pair(
        CaptionRow(Candidate("a.mp4", 1.0, 2.5), "a cat runs"), Candidate("b.mp4", 1.0, 2.5), "left/right"
    )


@pytest.mark.parametrize(
    "text", ["path,caption\na.mp4,x\n", "path,caption,twin\na.mp4,x,\n", "path,caption,twin\na.mp4,x,a.mp4\n"]
)
def test_a_row_without_a_twin_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="no twin"):
        read_pairs(write(tmp_path, text))


def test_a_twin_that_is_not_there_is_named(videos: Path) -> None:
    with pytest.raises(PathNotFound, match=r"gone\.mp4"):
        evaluate_pairs([Pair(CaptionRow(RED, "red"), Candidate("gone.mp4"), "")], videos, FakeEncoder())


def test_the_command_prints_one_document_or_a_table(videos: Path, line: CommandLine) -> None:
    path = write(videos, "path,caption,twin,contrast\nred.mp4,red,blue.mp4,colour\nblue.mp4,red,red.mp4,colour\n")
    asked = ("evaluate", "pairs", path, "--videos", videos, "--encoder", "fake")

    document = line(*asked, "--json").document
    table = line(*asked).out

    assert (document["n"], document["right"]) == (2, 0.5)
    assert document["contrasts"] == {"colour": {"n": 2, "right": 0.5}}
    assert document["encoder"]["name"] == "fake"
    assert "colour" in table
    assert "0.500" in table
