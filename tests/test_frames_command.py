"""`vsearch frames` and `vsearch classify`: one film, no library."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from classifiers.activity import classifier
from classifiers.contracts import Choices, Classifier, ClassifierSpec, FramesNeeded
from indexer.classifying import label_film, label_stretches
from search.catalog.records import Track
from search.contracts import Float32, UInt8
from tests.command_line import CommandLine
from tests.films import draw_film

pytestmark = pytest.mark.usefixtures("decoding_here")


def test_frames_carry_their_times_in_names_that_sort_and_in_a_csv(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", "green", "blue", seconds=1)

    done = line("frames", film, tmp_path / "out", "--fps", 2, "--json")

    assert (done.code, done.document["frames"]) == (0, 6)
    with (tmp_path / "out" / "frames.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["seconds"]) for row in rows] == [0, 0.5, 1, 1.5, 2, 2.5]
    names = [row["Image_ID"] for row in rows]
    assert names == sorted(path.name for path in (tmp_path / "out").glob("*.jpg"))
    seen = [cv2.imread(str(tmp_path / "out" / name)).mean(axis=(0, 1)).argmax() for name in names]  # BGR
    assert seen == [2, 2, 1, 1, 0, 0]


def test_frames_are_as_large_as_asked_and_png_is_exact(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")

    line("frames", film, tmp_path / "out", "--size", 16, "--format", "png")

    (picture,) = (tmp_path / "out").glob("*.png")
    assert cv2.imread(str(picture)).shape == (16, 16, 3)


def test_a_film_that_does_not_decode_is_said_and_one_that_is_not_there_refused(
    line: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "words.mp4").write_text("no film at all, only words")

    damaged = line("frames", tmp_path / "words.mp4", tmp_path / "out", "--json")
    absent = line("frames", tmp_path / "absent.mp4", tmp_path / "other")

    assert (damaged.code, damaged.document["frames"]) == (1, 0)
    assert "text" in damaged.document["reason"]
    assert absent.code == 2
    assert not (tmp_path / "other").exists()


class Reddish:
    """Red is `stopping`, green is `going`, black is nothing to speak of."""

    spec = ClassifierSpec("activity", ("stopping", "going"), "f00d", FramesNeeded(2.0, 8, 8, "pad"))

    def scores(self, batch: UInt8 | Float32) -> Float32:
        means = np.asarray(batch, np.float32).mean(axis=(1, 2))[:, :2] / 255
        return np.where(means.sum(axis=1, keepdims=True) < 0.2, np.nan, means).astype(np.float32)


@pytest.fixture
def reddish(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_reddish(choices: Choices) -> Classifier:
        return Reddish()

    monkeypatch.setattr(classifier, "open_activity", open_reddish)


@pytest.mark.usefixtures("reddish")
def test_a_film_is_labelled_as_a_whole_and_stretch_by_stretch(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", "red", "green", "black", seconds=2)

    done = line("classify", film, "--encoder", "fake", "--smooth", 0, "--top", 1, "--json")

    assert done.code == 0
    assert done.document["duration"] == pytest.approx(8)
    (label,) = done.document["labels"]
    assert (label["label"], label["score"]) == ("stopping", pytest.approx(2 / 3, abs=0.02))
    stretches = done.document["stretches"]
    assert [(each["label"], each["start"], each["end"]) for each in stretches] == [
        ("stopping", 0.0, 4.0),
        ("going", 4.0, 6.0),
    ]


@pytest.mark.usefixtures("reddish")
def test_a_person_reads_percentages(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red", seconds=4)

    done = line("classify", film, "--encoder", "fake")

    assert "stopping" in done.out
    assert "%" in done.out


def test_averaging_takes_a_short_flicker_away() -> None:
    scores = np.array([[0.9, 0.1]] * 10 + [[0.4, 0.6]] + [[0.9, 0.1]] * 10, np.float32)
    track = Track("activity", ("one", "two"), "f00d", 0.5, 0.5, scores)

    assert [each.label for each in label_stretches(track, 0, 10.5)] == ["one", "two", "one"]
    assert [(each.label, each.start, each.end) for each in label_stretches(track, 3, 10.5)] == [("one", 0, 10.5)]


def test_where_nothing_can_be_said_there_is_no_label() -> None:
    track = Track("activity", ("one", "two"), "f00d", 1.0, 1.0, np.full((3, 2), np.nan, np.float32))

    assert label_film(track, 5) == []
    assert label_stretches(track, 5, 3.0) == []


def test_a_way_of_training_is_no_model(line: CommandLine, tmp_path: Path) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")

    done = line("classify", film, "--encoder", "fake", "--activity", "cnn-rnn")

    assert done.code == 2
    assert "vsearch train activity" in done.err
