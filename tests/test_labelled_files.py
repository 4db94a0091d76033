"""Labelled clips and pictures: finding them, grouping them, reading them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.activity.examples import Look
from indexer.labelling.labelled_files import find_labelled, groups_of, read_groups, require_classes
from indexer.labelling.labelled_windows import read_windows, shown_frames, spread
from search.errors import PathNotFound, UsageError
from tests.films import draw_film

PICTURE = Look(size=16, fps=2.0, window=1, most=4)
COURSE = Look(size=16, fps=10.0, window=4, most=2)

pytestmark = pytest.mark.usefixtures("decoding_here")


def draw_picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((20, 30, 3), (0, 0, 255), np.uint8))
    return path


def test_a_folder_holds_a_folder_for_each_label(tmp_path: Path) -> None:
    for name in ("dance/a.png", "dance/deep/b.JPG", "run/c.mp4", "run/notes.txt", "run/._c.mp4", ".git/d.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    found = find_labelled(tmp_path)

    assert [(file.name, file.label) for file in found.files] == [
        ("dance/a.png", "dance"), ("dance/deep/b.JPG", "dance"), ("run/c.mp4", "run"),
    ]  # fmt: skip
    assert found.labels == ("dance", "run")


def test_the_csv_of_the_keras_example_is_read_as_it_is(tmp_path: Path) -> None:
    for place in (tmp_path / "train" / "v_1.avi", tmp_path / "v_2.avi"):
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"x")
    (tmp_path / "train.csv").write_text(",video_name,tag\n0,v_1.avi,Punch\n1,v_2.avi,Cricket\n2,v_3.avi,Punch\n")

    found = find_labelled(tmp_path / "train.csv")

    assert [(file.path, file.label) for file in found.files] == [
        (tmp_path / "train" / "v_1.avi", "Punch"), (tmp_path / "v_2.avi", "Cricket"),
    ]  # fmt: skip
    assert found.missing == ("v_3.avi",)


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("video,tag\na.mp4,x\n")

    with pytest.raises(UsageError, match="no column video_name"):
        find_labelled(tmp_path / "train.csv")


def test_what_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        find_labelled(tmp_path / "none")
    with pytest.raises(UsageError, match="no labelled"):
        find_labelled(tmp_path)


def test_one_class_only_and_one_file_of_a_class_are_refused(tmp_path: Path) -> None:
    for name in ("dance/a.png", "dance/b.png"):
        draw_picture(tmp_path / name)
    with pytest.raises(UsageError, match="one label only: dance"):
        require_classes(find_labelled(tmp_path).files)

    draw_picture(tmp_path / "run" / "c.png")
    with pytest.raises(UsageError, match="Fewer than 2 files are labelled run"):
        require_classes(find_labelled(tmp_path).files)


def test_groups_are_looked_up_by_name_and_a_file_without_one_is_its_own(tmp_path: Path) -> None:
    for name in ("dance/a.png", "dance/b.png"):
        draw_picture(tmp_path / name)
    (tmp_path / "groups.csv").write_text("clip,source\ndance/a.png,film 1\nother.png,film 2\n")
    files = find_labelled(tmp_path).files

    assert groups_of(files, read_groups(tmp_path / "groups.csv")) == ["film 1", "dance/b.png"]
    with pytest.raises(UsageError, match="name none of the files"):
        groups_of(files, {"elsewhere.png": "film"})


def test_clips_become_courses_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    draw_film(tmp_path / "red" / "long.mp4", "red", seconds=2.0)
    draw_film(tmp_path / "red" / "rest.mp4", "red", seconds=0.5)
    draw_film(tmp_path / "red" / "short.mp4", "red", seconds=0.2)
    (tmp_path / "red" / "broken.mp4").write_bytes(b"nothing")
    passed_over: list[str] = []

    read = list(read_windows(find_labelled(tmp_path), COURSE, on_pass=passed_over.append))

    assert [one.windows.shape for one in read] == [(2, 4, 16, 16, 3), (1, 4, 16, 16, 3), (1, 4, 16, 16, 3)]
    assert [one.counts.tolist() for one in read] == [[4, 4], [4], [2]]
    assert len(passed_over) == 1
    assert passed_over[0].startswith("red/broken.mp4 ")
    with pytest.raises(UsageError, match=r"broken\.mp4"):
        list(read_windows(find_labelled(tmp_path), COURSE, strict=True))


def test_pictures_are_single_frames_and_never_a_course(tmp_path: Path) -> None:
    draw_picture(tmp_path / "red" / "a.png")
    found = find_labelled(tmp_path)

    (read,) = read_windows(found, PICTURE)

    assert read.windows.shape == (1, 1, 16, 16, 3)
    assert (read.windows == (255, 0, 0)).all()
    with pytest.raises(UsageError, match="no course"):
        list(read_windows(found, COURSE))


def test_a_window_counts_the_frames_that_the_film_fills() -> None:
    assert [shown_frames(seconds, COURSE) for seconds in (0.01, 0.2, 0.4, 9.0)] == [1, 2, 4, 4]


def test_windows_are_spread_over_the_film() -> None:
    assert spread(range(10), 20) == list(range(10))
    assert spread(range(6), 3) == [1, 3, 5]
    assert spread(iter([]), 3) == []


@given(st.integers(1, 500), st.integers(1, 20))
def test_of_a_long_film_windows_come_from_everywhere(clips: int, most: int) -> None:
    chosen = spread(range(clips), most)

    assert len(chosen) == min(clips, most)
    assert chosen == sorted(set(chosen))
    gaps = np.diff([-1, *chosen, clips])
    assert gaps.max() <= 4 * (clips / len(chosen)) + 1
