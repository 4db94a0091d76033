from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifiers.emotion.fer import Faces, of_usage, read_faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.split import split
from classifiers.emotion.votes import read_votes
from search.errors import PathNotFound, UsageError
from tests.emotion_files import VOTES, noise, write_csv, write_text

PIXELS = " ".join(["7"] * 2304)


@pytest.mark.parametrize("name", ["fer.csv", "fer.csv.gz"])
def test_the_original_form_is_read_and_disgust_counts_as_angry(tmp_path: Path, name: str) -> None:
    pictures = noise(7)

    faces = read_faces(write_csv(tmp_path / name, pictures, range(7), ["Training"] * 6 + ["PublicTest"]))

    assert (faces.pictures == pictures).all()
    expected = ["angry", "angry", "scared", "happy", "sad", "surprised", "neutral"]
    assert [LABELS[label] for label in faces.labels] == expected
    assert len(of_usage(faces, "PublicTest", tmp_path)) == 1
    assert len(of_usage(faces, None, tmp_path)) == 7


def test_columns_may_come_in_another_order_and_with_others(tmp_path: Path) -> None:
    path = write_text(tmp_path / "fer.csv", f"Usage,emotion,note,pixels\nTraining,3,x,{PIXELS}\n\n")

    faces = read_faces(path)

    assert faces.labels.tolist() == [2]
    assert (faces.pictures == 7).all()


def test_arrays_are_read_and_know_no_usage(tmp_path: Path) -> None:
    np.savez(tmp_path / "fer.npz", x=noise(3), y=np.array([0, 1, 6]))

    faces = read_faces(tmp_path / "fer.npz")

    assert faces.labels.tolist() == [0, 0, 5]
    with pytest.raises(UsageError, match="PublicTest") as raised:
        of_usage(faces, "PublicTest", tmp_path / "fer.npz")
    assert "leave out --usage" in raised.value.cure


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("emotion,Usage\n0,Training\n", "no column pixels"),
        ("", "no column emotion or pixels or Usage"),
        ("emotion,pixels,Usage\n", "no faces"),
        ("emotion,pixels,Usage\n0,1 2 3,Training\n", "line 2: pixels has 3 numbers instead of 2,304"),
        (f"emotion,pixels,Usage\n7,{PIXELS},Training\n", "line 2: emotion is '7'"),
        (f"emotion,pixels,Usage\n-1,{PIXELS},Training\n", "line 2: emotion is '-1'"),
        (f"emotion,pixels,Usage\n0,{PIXELS},Training\n0,{PIXELS[:-1]}256,Training\n", "line 3: .* outside 0 to 255"),
        (f"emotion,pixels,Usage\n0,{PIXELS[:-1]}x,Training\n", "line 2: .* no whole number"),
        (f"emotion,pixels,Usage\n0,{PIXELS},Test\n", "line 2: Usage is 'Test'"),
        (f"emotion,pixels,Usage\n0,{PIXELS}\n", "line 2, has 2 columns"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_faces(write_text(tmp_path / "fer.csv", text))


def test_damaged_and_foreign_files_are_told(tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "fer.csv.gz", noise(5), [0] * 5, ["Training"] * 5).read_bytes()
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "plain.csv.gz").write_bytes(b"emotion,pixels,Usage\n")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    (tmp_path / "text.npz").write_bytes(b"no archive")
    np.savez(tmp_path / "names.npz", pictures=noise(2))
    np.savez(tmp_path / "shape.npz", x=noise(2)[:, :40], y=np.zeros(2, np.int64))
    np.savez(tmp_path / "class.npz", x=noise(2), y=np.array([0, 7]))
    np.savez(tmp_path / "pickled.npz", x=noise(1), y=np.array([{}], object))

    for name in ("cut.csv.gz", "plain.csv.gz", "binary.csv"):
        with pytest.raises(UsageError, match=r"damaged|column"):
            read_faces(tmp_path / name)
    for name in ("text.npz", "names.npz", "shape.npz", "class.npz", "pickled.npz"):
        with pytest.raises(UsageError, match=name):
            read_faces(tmp_path / name)
    with pytest.raises(PathNotFound):
        read_faces(tmp_path / "nothing.csv")


def faces_of(pictures: np.ndarray, usage: list[str], labels: list[int] | None = None) -> Faces:
    numbers = [i % 6 for i in range(len(usage))] if labels is None else labels
    return Faces(pictures, np.array(numbers, np.int64), np.array(usage, np.str_))


def test_identical_pictures_stay_together_and_those_of_a_test_are_left_out() -> None:
    pictures = noise(60)
    pictures[20:40] = pictures[:20]
    pictures[59] = pictures[1]
    faces = faces_of(pictures, ["Training"] * 58 + ["PublicTest", "PrivateTest"])

    parts = split(faces, seed=1)

    assert parts.dropped == 2, "the picture that recurs in PrivateTest is there twice"
    used = {*parts.training.tolist(), *parts.validation.tolist()}
    assert used == set(range(58)) - {1, 21}
    assert 3 <= len(parts.validation) <= 8
    teaches = {faces.pictures[row].tobytes() for row in parts.training}
    assert not any(faces.pictures[row].tobytes() in teaches for row in parts.validation)


def test_a_seed_decides_the_split() -> None:
    faces = faces_of(noise(60), [""] * 60)

    assert (split(faces, 1).validation == split(faces, 1).validation).all()
    assert split(faces, 1).validation.tolist() != split(faces, 2).validation.tolist()


def test_what_cannot_teach_is_refused() -> None:
    with pytest.raises(UsageError, match="All faces for training are happy"):
        split(faces_of(noise(20), ["Training"] * 20, [2] * 20), 0)
    with pytest.raises(UsageError, match="too few"):
        split(faces_of(noise(1), ["Training"]), 0)
    with pytest.raises(UsageError, match="0 different faces"):
        split(faces_of(noise(3), ["PublicTest"] * 3), 0)


def test_votes_become_shares_of_the_expressions_that_were_named(tmp_path: Path) -> None:
    table = VOTES + "Training,a.png,4,0,0,1,3,2,0,0,0,0\nPublicTest,b.png,0,0,0,0,0,0,0,0,0,10\n"

    votes = read_votes(write_text(tmp_path / "votes.csv", table), np.array(["Training", "PublicTest"]))

    np.testing.assert_allclose(votes[0], [0.4, 0, 0, 0.1, 0.3, 0.2, 0, 0], atol=1e-6)
    assert (votes[1] == 0).all()


def test_votes_about_other_faces_are_refused(tmp_path: Path) -> None:
    table = write_text(tmp_path / "votes.csv", VOTES + "Training,a.png,4,0,0,1,3,2,0,0,0,0\n")

    with pytest.raises(UsageError, match="not speak of the same faces"):
        read_votes(table, np.array(["PublicTest"]))
    with pytest.raises(UsageError, match="no table"):
        read_votes(write_text(tmp_path / "other.csv", "a,b\n1,2\n"), np.array(["Training"]))
    with pytest.raises(PathNotFound):
        read_votes(tmp_path / "nothing.csv", np.array(["Training"]))
