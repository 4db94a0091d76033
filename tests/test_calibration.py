"""`vsearch evaluate bands`: questions where they are present and where they are absent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.evaluating import calibration
from indexer.evaluating.calibration import Judge, evaluate_bands, sharing, weighty_words
from indexer.evaluating.captions_file import Candidate, CaptionRow
from search import background
from search.bands import POSSIBLE_STANDING, STRONG_STANDING
from search.errors import PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.fakes import FakeEncoder
from tests.films import draw_film

SHOWN = ("red", "green", "blue", "magenta")
BACKGROUND = ["yellow", "cyan", "orange", "purple", "pink", "black", "white", "grey", "red", "green"]

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def videos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(background, "sentences", lambda: BACKGROUND)
    for colour in SHOWN:
        draw_film(tmp_path / f"{colour}.mp4", colour)
    return tmp_path


def rows() -> list[CaptionRow]:
    return [CaptionRow(Candidate(f"{colour}.mp4"), colour) for colour in SHOWN]


def test_what_is_present_stands_higher_than_what_is_absent(videos: Path) -> None:
    told: list[tuple[int, int]] = []

    report = evaluate_bands(rows(), videos, FakeEncoder(), on_progress=lambda *call: told.append(call))

    assert (report.candidates, report.background, report.present.n, report.absent.n) == (4, 10, 4, 4)
    assert told[-1] == (4, 4)
    middle = next(point for point in report.curve if point.standing == POSSIBLE_STANDING)
    assert middle.present > middle.absent


def test_shares_are_of_all_questions_and_the_curve_agrees_with_them(videos: Path) -> None:
    report = evaluate_bands(rows(), videos, FakeEncoder())

    for shares in (report.present, report.absent):
        assert shares.strong + shares.possible + shares.weak == pytest.approx(1)
    at = {point.standing: point for point in report.curve}
    assert at[STRONG_STANDING].present == pytest.approx(report.present.strong)
    assert at[POSSIBLE_STANDING].absent == pytest.approx(report.absent.strong + report.absent.possible)
    assert list(at) == sorted(at)


def test_questions_about_something_else_are_asked_in_the_whole_library(videos: Path) -> None:
    report = evaluate_bands(rows(), videos, FakeEncoder(), absent=["yellow", "white", "grey"])

    assert (report.present.n, report.absent.n) == (4, 3)


def test_a_question_half_of_which_is_unknown_finds_nothing_strong(
    videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "standings", lambda *_arguments: np.ones(1, np.float32))

    known = evaluate_bands(rows(), videos, FakeEncoder())
    half = [CaptionRow(row.candidate, f"{row.caption} zorp") for row in rows()]
    half_known = evaluate_bands(half, videos, FakeEncoder())

    assert (known.present.strong, half_known.present.strong, half_known.present.possible) == (1, 0, 1)


def test_where_no_library_is_left_the_reason_is_said(videos: Path) -> None:
    with pytest.raises(UsageError, match="No library is left"):
        evaluate_bands(rows(), videos, FakeEncoder(), clips=5)


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match=r"red\.mp4"):
        evaluate_bands(rows(), tmp_path, FakeEncoder())


def test_a_span_shares_content_when_two_words_of_weight_are_said_of_it() -> None:
    captions = ["a dog runs on the beach", "a man throws a stick", "dogs at the beach", "a brown dog sleeps", "a dog"]

    shared = sharing(captions, np.array([0, 0, 1, 2, 3]))

    assert shared.tolist() == [
        [True, True, False, False],
        [True, False, False, False],
        [True, True, False, False],
        [False, False, True, False],
        [True, True, True, True],
    ]


def test_words_of_every_caption_have_no_weight() -> None:
    assert weighty_words("A man with two Dogs, looking at the camera!") == {"dog", "camera"}


def test_a_library_is_as_large_as_asked_for_and_has_what_it_must() -> None:
    judge = Judge(np.zeros((20, 3), np.float32), np.zeros((0, 3), np.float32), clips=5)
    gone = np.arange(20) < 10

    with_own, without = judge.library(np.zeros(20, bool), 7), judge.library(gone)

    assert len(set(with_own.tolist())) == 5
    assert 7 in with_own
    assert len(set(without.tolist())) == 5
    assert without.min() >= 10
    assert len(judge.library(np.arange(20) < 16)) == 0


def test_the_command_prints_one_document(videos: Path, line: CommandLine) -> None:
    csv = videos / "captions.csv"
    csv.write_text("path,caption\n" + "".join(f"{colour}.mp4,{colour}\n" for colour in SHOWN))
    other = videos / "other.csv"
    other.write_text("path,caption\nnowhere.mp4,yellow\n")

    done = line(
        "evaluate", "bands", csv, "--videos", videos, "--absent", other, "--clips", 3, "--encoder", "fake", "--json"
    )

    assert done.code == 0
    assert {"schema", "encoder", "present", "absent", "curve"} <= done.document.keys()
    assert (done.document["clips"], done.document["present"]["n"], done.document["absent"]["n"]) == (3, 4, 1)


def test_people_see_tables(videos: Path, line: CommandLine) -> None:
    csv = videos / "captions.csv"
    csv.write_text("path,caption\n" + "".join(f"{colour}.mp4,{colour}\n" for colour in SHOWN))

    done = line("evaluate", "bands", csv, "--videos", videos, "--encoder", "fake")

    assert "present" in done.out
    assert "standing" in done.out
