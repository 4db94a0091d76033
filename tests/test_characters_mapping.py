from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.characters.mapping import parse_names, read_mapping
from search.errors import PathNotFound, UsageError

NAMES = {"0": "nobody", "1": "jerry", "2": "tom"}


def written(folder: Path, text: str) -> Path:
    path = folder / "mapping.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_tutorials_form_is_read_with_the_names_of_its_classes(tmp_path: Path) -> None:
    read = read_mapping(written(tmp_path, "Image_ID,Class\na.jpg,1\nb.jpg,0\nc.jpg,2\n"), NAMES)

    assert read.images == ("a.jpg", "b.jpg", "c.jpg")
    assert read.characters == ("jerry", "tom")
    assert read.there.tolist() == [[True, False], [False, False], [False, True]]


def test_two_characters_can_be_on_one_frame(tmp_path: Path) -> None:
    read = read_mapping(written(tmp_path, "Image_ID,tom,jerry\na.jpg,1,1\nb.jpg,1,0\n"))

    assert read.characters == ("jerry", "tom")
    assert read.there.tolist() == [[True, True], [False, True]]


def test_names_are_written_as_pairs() -> None:
    assert parse_names("0=nobody, 1=jerry,2=tom") == NAMES
    assert parse_names("") == {}
    with pytest.raises(UsageError, match="names no class"):
        parse_names("jerry")


def test_rows_nobody_filled_in_and_repeated_ones_are_passed_over_by_name(tmp_path: Path) -> None:
    read = read_mapping(written(tmp_path, "Image_ID,tom\na.jpg,1\nb.jpg,\na.jpg,0\n"))

    assert read.images == ("a.jpg",)
    assert read.passed_over == ("b.jpg is not labelled", "a.jpg stands again in line 4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("frame,tom\na.jpg,1\n", "no column Image_ID"),
        ("Image_ID\na.jpg\n", "names no character"),
        ("Image_ID,tom,tom\na.jpg,1,1\n", "two columns of one name"),
        ("Image_ID,tom\na.jpg,1,1\n", "line 2 has 3 columns, not 2"),
        ("Image_ID,tom\na.jpg,yes\n", "line 2: the column tom holds 'yes'"),
        ("Image_ID,tom,jerry\na.jpg,1,\n", "the column jerry holds ''"),
        ("Image_ID,tom\na.jpg,\n", "labels no frame"),
        ("Image_ID,Class\na.jpg,3\n", "has the class 3"),
        ("Image_ID,Class\na.jpg,0\n", "names no character, only nobody"),
    ],
)
def test_a_csv_that_makes_no_sense_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_mapping(written(tmp_path, text), NAMES)


def test_numbered_classes_need_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nobody says who that is"):
        read_mapping(written(tmp_path, "Image_ID,Class\na.jpg,1\n"))


def test_a_csv_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        read_mapping(tmp_path / "mapping.csv")


def test_the_published_mapping_is_read_whole(test_data: Path) -> None:
    read = read_mapping(test_data / "tomjerry" / "mapping.csv", NAMES)

    assert len(read.images) == 298
    assert read.there.sum(axis=0).tolist() == [67, 120]
