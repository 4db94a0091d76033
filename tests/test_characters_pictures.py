from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from classifiers.characters.augment import Strength, augmented, pasted, relit
from classifiers.characters.looks import HEIGHT, LOOKS, WIDTH, cut_looks, squares
from classifiers.characters.windows import HEIGHT as SEEN_HEIGHT
from classifiers.characters.windows import SIDE, STEP, window_means
from classifiers.characters.windows import WIDTH as SEEN_WIDTH
from indexer.labelling.boxed_pictures import read_boxed
from indexer.labelling.labelled_frames import read_labelled
from search.errors import PathNotFound, UsageError

SIZE = (WIDTH, HEIGHT)
BOX = """<annotation><object><name>Tom</name><bndbox><xmin>10</xmin><ymin>20</ymin><xmax>50</xmax><ymax>60</ymax>
</bndbox></object></annotation>"""


def draw(path: Path, value: int, size: tuple[int, int] = SIZE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), value, np.uint8))


def test_looks_cover_the_whole_frame() -> None:
    seen = np.zeros((HEIGHT, WIDTH), bool)
    for top, left, side in squares():
        seen[top : top + side, left : left + side] = True

    assert seen.all()
    assert len(squares()) == LOOKS


def test_looks_are_squares_of_the_frame_at_the_size_asked_for() -> None:
    frame = np.zeros((1, HEIGHT, WIDTH, 3), np.uint8)
    frame[:, :, WIDTH // 2 :] = 200

    looks = cut_looks(frame, 64)

    assert looks.shape == (1, LOOKS, 64, 64, 3)
    assert looks[0, 0, :, :50].max() == 0
    assert looks[0, 2, :, 20:].min() == 200
    assert cut_looks(frame[:0], 64).shape == (0, LOOKS, 64, 64, 3)


def test_windows_cover_the_whole_map_and_are_means_of_their_places() -> None:
    rows, columns = SEEN_HEIGHT // 16, SEEN_WIDTH // 16
    places = np.random.default_rng(0).normal(size=(2, rows, columns, 5)).astype(np.float32)

    windows = window_means(places)

    assert (rows - SIDE) % STEP == (columns - SIDE) % STEP == 0
    assert windows.shape == (2, ((rows - SIDE) // STEP + 1) * ((columns - SIDE) // STEP + 1), 5)
    np.testing.assert_allclose(windows[:, 1], places[:, :SIDE, STEP : STEP + SIDE].mean(axis=(1, 2)), atol=1e-6)
    np.testing.assert_allclose(windows[:, -1], places[:, -SIDE:, -SIDE:].mean(axis=(1, 2)), atol=1e-6)


def test_augmented_pictures_are_others_and_say_who_is_there() -> None:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (6, 36, 64, 3), dtype=np.uint8)
    there = np.array([[1, 0]] * 3 + [[0, 0]] * 2 + [[np.nan, 1]], np.float32)

    once, labels = augmented(pictures, there, np.random.default_rng(7))
    again, _ = augmented(pictures, there, np.random.default_rng(7))

    assert once.shape == pictures.shape
    assert (once != pictures).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(once, again)
    np.testing.assert_array_equal(labels, there)


def test_a_pasted_picture_is_whole_on_its_background() -> None:
    background, picture = np.zeros((90, 160, 3), np.uint8), np.full((90, 160, 3), 255, np.uint8)

    share = (pasted(background, picture, np.random.default_rng(3)) == 255).mean()

    assert 0.4**2 - 0.02 < share < 0.8**2 + 0.02


def test_light_changes_no_shapes() -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[8:24, 8:24] = (180, 120, 60)

    lit = relit(picture, np.random.default_rng(1), Strength())

    assert len(np.unique(lit.reshape(-1, 3), axis=0)) == 2


def test_missing_and_damaged_frames_are_named_and_the_rest_is_used(tmp_path: Path) -> None:
    draw(tmp_path / "frames" / "a.png", 10)
    draw(tmp_path / "frames" / "b.png", 20, (90, 180))
    (tmp_path / "frames" / "bad.png").write_bytes(b"no picture")
    csv = tmp_path / "m.csv"
    csv.write_text("Image_ID,tom\na.png,1\nbad.png,0\ngone.png,1\nb.png,0\n")

    read = read_labelled(csv, tmp_path / "frames", SIZE)

    assert read.frames.images == ("a.png", "b.png")
    assert read.frames.there[:, 0].tolist() == [True, False]
    assert read.pictures.shape == (2, HEIGHT, WIDTH, 3)
    assert read.pictures[1, 90, [0, 160]].tolist() == [[0, 0, 0], [20, 20, 20]]
    assert read.frames.passed_over == ("bad.png is no picture", "gone.png is missing")
    with pytest.raises(UsageError, match=r"bad\.png is no picture, gone\.png is missing"):
        read_labelled(csv, tmp_path / "frames", SIZE, strict=True)


def test_frames_of_which_none_is_there(tmp_path: Path) -> None:
    csv = tmp_path / "m.csv"
    csv.write_text("Image_ID,tom\na.png,1\n")

    with pytest.raises(PathNotFound, match="None of the 1 pictures"):
        read_labelled(csv, tmp_path, SIZE)
    with pytest.raises(PathNotFound, match="no folder"):
        read_labelled(csv, tmp_path / "nowhere", SIZE)


def test_a_boxed_picture_teaches_whole_and_cut_and_only_about_whom_is_marked(tmp_path: Path) -> None:
    draw(tmp_path / "deep" / "1.png", 30, (100, 80))
    (tmp_path / "deep" / "1.xml").write_text(BOX)
    (tmp_path / "2.xml").write_text(BOX)
    (tmp_path / "3.xml").write_text("<annotation>")

    read = read_boxed(tmp_path, ("jerry", "tom"))

    assert read.pictures.shape == (2, HEIGHT, WIDTH, 3)
    np.testing.assert_array_equal(read.there, [[np.nan, 1], [np.nan, 1]])
    assert read.passed_over == ("2.xml has no picture", "3.xml has no picture")
    with pytest.raises(UsageError, match="no picture with a box around spike"):
        read_boxed(tmp_path, ("spike",))
