from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.evaluating.captions_file import Candidate, CaptionRow, find_files, read_captions
from indexer.evaluating.retrieval import evaluate_retrieval
from search.errors import PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.fakes import COLOURS, FakeEncoder
from tests.films import draw_film

WriteCsv = Callable[[str], Path]

pytestmark = pytest.mark.usefixtures("decoding_here")


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    def write(text: str) -> Path:
        path = tmp_path / "captions.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_rows_name_whole_files_or_spans(write_csv: WriteCsv) -> None:
    rows = read_captions(write_csv('\ufeffpath,caption,start,end\na.mp4,"red, then blue",,\na.mp4,blue,1.5,3\n'))

    assert rows == [
        CaptionRow(Candidate("a.mp4"), "red, then blue"),
        CaptionRow(Candidate("a.mp4", 1.5, 3.0), "blue"),
    ]


def test_first_keeps_one_caption_of_each_candidate_in_order(write_csv: WriteCsv) -> None:
    path = write_csv("path,caption\nb.mp4,one\nb.mp4,two\na.mp4,three\nb.mp4,four\n")

    assert [row.caption for row in read_captions(path, first_only=True)] == ["one", "three"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column path and no column caption"),
        ("path,text\na.mp4,x\n", "no column caption"),
        ("path,caption\n", "holds no caption"),
        ("path,caption\na.mp4,\n", "line 2"),
        ("path,caption\na.mp4,x\nb.mp4\n", "line 3"),
        ("path,caption,start,end\na.mp4,x,2,1\n", "line 2"),
        ("path,caption,start,end\na.mp4,x,-1,1\n", "line 2"),
        ("path,caption,start,end\na.mp4,x,nan,1\n", "line 2"),
        ("path,caption,start,end\na.mp4,x,soon,1\n", "line 2"),
    ],
)
def test_a_broken_csv_is_refused_with_the_place(write_csv: WriteCsv, text: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_captions(write_csv(text))

    assert words in raised.value.message


def test_a_csv_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        read_captions(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"path,caption\n\xff\xfe,x\n")
    with pytest.raises(UsageError):
        read_captions(tmp_path / "bytes.csv")


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    rows = [CaptionRow(Candidate(name), "x") for name in ("a.mp4", "b.mp4")]

    with pytest.raises(PathNotFound) as raised:
        evaluate_retrieval(rows, tmp_path, FakeEncoder())

    assert "a.mp4, b.mp4" in raised.value.message


def test_a_file_that_does_not_decode_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")

    with pytest.raises(UsageError) as raised:
        evaluate_retrieval([CaptionRow(Candidate("a.mp4"), "x")], tmp_path, FakeEncoder())

    assert "a.mp4" in raised.value.message
    assert "empty" in raised.value.message


def test_spans_of_one_film_are_candidates_of_their_own(tmp_path: Path) -> None:
    draw_film(tmp_path / "film.mp4", "red", "green", "blue", seconds=2.0)
    spans = {"red": (0.0, 2.0), "green": (2.0, 4.0), "blue": (4.0, None)}
    rows = [CaptionRow(Candidate("film.mp4", *span), f"something {colour}") for colour, span in spans.items()]

    report = evaluate_retrieval(rows, tmp_path, FakeEncoder())

    assert report.candidates == 3
    assert (report.text_to_video.r1, report.video_to_text.r1) == (1.0, 1.0)


def test_captions_of_one_candidate_count_each(tmp_path: Path) -> None:
    draw_film(tmp_path / "red.mp4", "red")
    draw_film(tmp_path / "blue.mp4", "blue")
    rows = [CaptionRow(Candidate(f"{name}.mp4"), name) for name in ("red", "red", "blue")]

    report = evaluate_retrieval(rows, tmp_path, FakeEncoder())

    assert (report.text_to_video.n, report.video_to_text.n, report.candidates) == (3, 2, 2)


def test_the_command_prints_the_document_of_the_contract(
    tmp_path: Path, line: CommandLine, write_csv: WriteCsv
) -> None:
    draw_film(tmp_path / "red.mp4", "red")
    draw_film(tmp_path / "blue.mp4", "blue")
    path = write_csv("path,caption\nred.mp4,red\nblue.mp4,blue\nblue.mp4,also blue\n")

    done = line("evaluate", "retrieval", path, "--videos", tmp_path, "--encoder", "fake", "--json")

    assert done.code == 0
    assert {name: done.document[name] for name in ("n", "r1", "r5", "r10", "medr", "mrr")} == {
        "n": 3, "r1": 1.0, "r5": 1.0, "r10": 1.0, "medr": 1.0, "mrr": 1.0,
    }  # fmt: skip
    assert done.document["direction"]["text_to_video"]["n"] == 3
    assert done.document["direction"]["video_to_text"]["n"] == 2


def test_the_command_shows_people_a_table(tmp_path: Path, line: CommandLine, write_csv: WriteCsv) -> None:
    draw_film(tmp_path / "red.mp4", "red")

    done = line(
        "evaluate", "retrieval", write_csv("path,caption\nred.mp4,red\n"), "--videos", tmp_path, "--encoder", "fake"
    )

    assert "R@5" in done.out
    assert "text to video" in done.out


MSR_VTT = "key,vid_key,video_id,sentence\nret0,msr1,video1,a red thing\nret1,msr2,video2,blue\nret2,msr2,video2,sky\n"
YOUCOOK2 = "end,start,task,text,video_id\n4,2,226,green salad,xHr8X2Wpmno\n2,0,226,red soup,xHr8X2Wpmno\n"


def test_the_published_csvs_are_read_as_they_are(write_csv: WriteCsv) -> None:
    assert read_captions(write_csv(MSR_VTT))[:2] == [
        CaptionRow(Candidate("video1"), "a red thing"),
        CaptionRow(Candidate("video2"), "blue"),
    ]
    assert read_captions(write_csv(YOUCOOK2))[0] == CaptionRow(Candidate("xHr8X2Wpmno", 2.0, 4.0), "green salad")


def test_a_bare_name_finds_its_film_anywhere_below_whatever_its_suffix(tmp_path: Path, write_csv: WriteCsv) -> None:
    draw_film(tmp_path / "validation" / "226" / "xHr8X2Wpmno.mp4", "red", "green", seconds=2.0)
    (tmp_path / "validation" / "226" / "xHr8X2Wpmno.mp4").rename(tmp_path / "validation" / "226" / "xHr8X2Wpmno.MKV")
    (tmp_path / "validation" / "226" / "xHr8X2Wpmno.jpg").touch()

    report = evaluate_retrieval(read_captions(write_csv(YOUCOOK2)), tmp_path, FakeEncoder())

    assert (report.candidates, report.text_to_video.r1) == (2, 1.0)


def test_a_name_that_two_films_bear_is_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        draw_film(tmp_path / folder / "video1.mp4", "red")

    with pytest.raises(UsageError, match=r"video1 may be a/video1\.mp4 or b/video1\.mp4"):
        find_files([CaptionRow(Candidate("video1"), "red")], tmp_path)


def test_what_is_missing_is_left_out_when_asked_and_counted(
    tmp_path: Path, line: CommandLine, write_csv: WriteCsv
) -> None:
    draw_film(tmp_path / "video1.mp4", "red")
    command = ("evaluate", "retrieval", write_csv(MSR_VTT), "--videos", tmp_path, "--encoder", "fake", "--json")

    refused, done = line(*command), line(*command, "--skip-missing")

    assert refused.code == 2
    assert "lacks video2" in refused.err
    assert "--skip-missing" in refused.err
    assert done.document["missing"] == {"files": 1, "captions": 2}
    assert (done.document["n"], done.document["candidates"]) == (1, 1)
    assert "2 captions were left out" in done.err


def test_where_everything_is_missing_nothing_is_measured(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        find_files([CaptionRow(Candidate("video1"), "red")], tmp_path, skip_missing=True)


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_of_a_file_raises_anything_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathNotFound):
        find_files([CaptionRow(Candidate(f"x{name}" * 30), "red")], tmp_path)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_pictures_are_candidates_too(tmp_path: Path, suffix: str) -> None:
    rows = []
    for colour in ("red", "green", "blue"):
        path = tmp_path / f"{colour}.{suffix}"
        assert cv2.imwrite(str(path), np.full((64, 64, 3), COLOURS[colour][::-1], np.uint8))
        rows.append(CaptionRow(Candidate(path.name), colour))

    report = evaluate_retrieval(rows, tmp_path, FakeEncoder())

    assert (report.text_to_video.r1, report.video_to_text.r1) == (1.0, 1.0)


def test_a_missing_folder_is_a_clear_line(tmp_path: Path, line: CommandLine, write_csv: WriteCsv) -> None:
    path = write_csv("path,caption\nred.mp4,red\n")

    done = line("evaluate", "retrieval", path, "--videos", tmp_path / "nowhere", "--encoder", "fake")

    assert done.code == 2
    assert "nowhere" in done.err
    assert "Traceback" not in done.err
