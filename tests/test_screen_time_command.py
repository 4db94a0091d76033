from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.pictures.lanes import lay_out, png, svg
from search.catalog.records import Segment
from search.library import Library
from tests.command_line import CommandLine
from tests.library_fixtures import CLIP_SECONDS, add_film, make_library

CLIPS = 10
SECONDS = CLIPS * CLIP_SECONDS


@pytest.fixture
def library() -> Library:
    """One film with tom and jerry, one with nobody."""
    opened = make_library(Path(os.environ["VSEARCH_LIBRARY"]))
    segments = [
        Segment("character", "tom", 0.0, 0.5 * SECONDS, 0.9),
        Segment("character", "jerry", 0.4 * SECONDS, 0.6 * SECONDS, 0.8),
        Segment("emotion", "happy", 0.0, SECONDS, 0.8),
    ]
    add_film(opened, "chase.mp4", ["red"] * CLIPS, segments=segments)
    add_film(opened, "empty.mp4", ["blue"] * 2)
    return opened


def test_the_document_says_who_when_and_with_whom(library: Library, line: CommandLine) -> None:
    chase, empty = line("screen-time", "--json").document["videos"]

    assert [one["label"] for one in chase["characters"]] == ["tom", "jerry"]
    assert chase["characters"][0]["share"] == 0.5
    assert chase["characters"][0]["ranges"] == [[0.0, 0.5 * SECONDS]]
    assert chase["together"] == [{"labels": ["jerry", "tom"], "seconds": pytest.approx(0.1 * SECONDS)}]
    assert (empty["characters"], empty["together"]) == ([], [])


def test_videos_can_be_named(library: Library, line: CommandLine) -> None:
    assert len(line("screen-time", "/films/empty.mp4", "--json").document["videos"]) == 1
    assert line("screen-time", "/films/other.mp4").code == 2


def test_people_get_a_table_and_are_told_where_nobody_is_known(library: Library, line: CommandLine) -> None:
    done = line("screen-time")

    assert "jerry and tom together" in done.out
    assert "50%" in done.out
    assert "No character is known in 1 of 2 videos.\n  Name them: `vsearch characters group`" in done.err


def test_the_path_of_a_film_stands_on_one_line_however_long_it_is(library: Library, line: CommandLine) -> None:
    name = "in a folder with a long name " * 4 + "chase.mp4"
    add_film(library, name, ["red"], segments=[Segment("character", "tom", 0.0, CLIP_SECONDS, 0.9)])

    assert any(name in each for each in line("screen-time").out.splitlines())


def test_a_csv_has_a_line_for_each_range(library: Library, line: CommandLine) -> None:
    lines = line("screen-time", "--csv").out.splitlines()

    assert lines[0] == "path,character,start,end"
    assert lines[1] == f"/films/chase.mp4,tom,0.000,{0.5 * SECONDS:.3f}"
    assert len(lines) == 3


@pytest.mark.slow
def test_lanes_are_drawn_as_svg_and_as_png(library: Library, line: CommandLine, tmp_path: Path) -> None:
    assert line("screen-time", "--plot", tmp_path / "lanes.svg").code == 0
    assert line("screen-time", "--plot", tmp_path / "lanes.png").code == 0

    drawn = (tmp_path / "lanes.svg").read_text()
    assert drawn.startswith("<svg")
    assert "jerry" in drawn
    picture = cv2.imread(str(tmp_path / "lanes.png"))
    assert picture is not None
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 3


def test_only_one_output_and_only_pictures_that_can_be_drawn(library: Library, line: CommandLine) -> None:
    assert line("screen-time", "--json", "--csv").code == 2
    assert line("screen-time", "--plot", "lanes.gif").code == 2


def test_a_picture_of_nobody_is_a_picture() -> None:
    lanes = lay_out([])

    assert svg(lanes).startswith("<svg")
    assert png(lanes).startswith(b"\x89PNG")


def test_names_cannot_become_markup(tmp_path: Path) -> None:
    from classifiers.screen_time import screen_time

    told = screen_time([Segment("character", "<b>", 0, 1, 1.0)], 10.0)

    assert "<b>" not in svg(lay_out([("a & b", told)]))
