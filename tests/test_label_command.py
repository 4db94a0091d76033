from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from indexer.labelling.sheet import read_truth
from tests.command_line import CommandLine
from tests.films import draw_film

pytestmark = pytest.mark.usefixtures("decoding_here")


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_frames_are_named_with_their_time_and_wait_to_be_labelled(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", "green", seconds=2)

    done = line("label", film, "--out", tmp_path / "out", "--characters", "tom, jerry", "--json")

    assert done.code == 0
    assert done.document["frames"] == 4
    assert rows(tmp_path / "out" / "labels.csv")[:2] == [
        ["Image_ID", "tom", "jerry"],
        ["film_000000.000.jpg", "", ""],
    ]
    names = [row[0] for row in rows(tmp_path / "out" / "labels.csv")[1:]]
    assert names == sorted(names) == sorted(path.name for path in (tmp_path / "out" / "frames").iterdir())


def test_more_frames_a_second_when_asked(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", seconds=2)

    line("label", film, "--out", tmp_path / "out", "--characters", "tom", "--fps", 2)

    assert rows(tmp_path / "out" / "labels.csv")[-1][0] == "film_000001.500.jpg"


def test_the_truth_about_drawn_films_fills_the_csv_in(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", "green", seconds=2)
    truth = {"films": [{"path": "film.mp4", "characters": {"dog": [[0, 2]], "cat": [[1, 4]]}}]}
    (tmp_path / "truth.json").write_text(json.dumps(truth))

    done = line("label", film, "--out", tmp_path / "out", "--truth", tmp_path / "truth.json")

    assert done.code == 0
    assert rows(tmp_path / "out" / "labels.csv") == [
        ["Image_ID", "cat", "dog"],
        ["film_000000.000.jpg", "0", "1"],
        ["film_000001.000.jpg", "1", "1"],
        ["film_000002.000.jpg", "1", "0"],
        ["film_000003.000.jpg", "1", "0"],
    ]


def test_truth_ends_where_a_range_ends(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text('{"films": [{"path": "a.mp4", "characters": {"dog": [[1, 2]]}}]}')

    _, who = read_truth(tmp_path / "truth.json")

    assert [who(("a.mp4", seconds)) for seconds in (0.9, 1.0, 2.0)] == [[], ["dog"], []]
    assert who(("b.mp4", 1.0)) == []


def test_labels_that_are_there_are_never_overwritten(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")
    line("label", film, "--out", tmp_path / "out", "--characters", "tom")

    done = line("label", film, "--out", tmp_path / "out", "--characters", "tom")

    assert done.code == 2
    assert "may hold labels" in done.err


def test_what_cannot_be_labelled_is_said(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")
    draw_film(tmp_path / "other" / "film.mp4", "red")
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    out = ("--out", tmp_path / "out")

    assert "Nobody to label" in line("label", film, *out).err
    assert "There is no file" in line("label", tmp_path / "gone.mp4", *out, "--characters", "tom").err
    assert "of the same names" in line("label", film, tmp_path / "other" / "film.mp4", *out, "--characters", "a").err
    assert "no truth" in line("label", film, *out, "--truth", film).err
    assert line("label", tmp_path / "broken.mp4", *out, "--characters", "tom").code == 1
