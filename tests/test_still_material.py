from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.training.still.copies import difference_hash, near_copies, repetitions
from indexer.training.still.features import TeacherFeatures
from indexer.training.still.images import read_image, square
from indexer.training.still.listing import Picture, load_pictures, read_listing, save_pictures
from indexer.training.still.material import FEATURES, VECTORS, Material
from indexer.training.still.pairs import caption_pairs, class_numbers, label_pairs
from indexer.training.still.prepare import Added, Texts, prepare
from indexer.training.still.sentences import list_sentences, list_words, pieces
from search import runtime
from search.errors import PathNotFound, UsageError
from tests.command_line import CommandLine
from tests.still_material import TINY, draw_picture, prepare_work, write_pictures

pytestmark = pytest.mark.slow  # draws films


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_work(tmp_path_factory.mktemp("still"))


@pytest.fixture(scope="module")
def material(work: Path) -> Material:
    return Material(work)


def listing_of(folder: Path, *rows: str, first: str = "path,split,label,caption") -> Path:
    path = folder / "pictures.csv"
    path.write_text("\n".join([first, *rows]) + "\n")
    return path


def test_a_picture_has_a_row_for_each_caption(tmp_path: Path) -> None:
    path = listing_of(tmp_path, "a.jpg,train,Dog,a dog", "b.jpg,dev,,a cat", "a.jpg,,,the  dog runs", "c.jpg,test,,")

    assert read_listing(path) == [
        Picture("a.jpg", "train", "dog", "", ("a dog", "the dog runs")),
        Picture("b.jpg", "dev", "", "", ("a cat",)),
        Picture("c.jpg", "test"),
    ]


def test_a_list_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    pictures = [Picture("a.jpg", "train", "dog", "zoo", ("a dog", "the dog"))]

    save_pictures(pictures, tmp_path / "pictures.json")

    assert load_pictures(tmp_path / "pictures.json") == pictures


@pytest.mark.parametrize("row", ["a.jpg,valid,,", ",train,,a dog", "b.jpg,dev,,"])
def test_a_row_that_makes_no_sense_is_named_by_its_line(row: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 3"):
        read_listing(listing_of(tmp_path, "b.jpg,train,,a dog", row))


def test_a_list_that_is_missing_or_trains_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        read_listing(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="caption and no column split"):
        read_listing(listing_of(tmp_path, first="path,label"))
    with pytest.raises(UsageError, match="no picture to train on"):
        read_listing(listing_of(tmp_path, "b.jpg,dev,,a dog"))


def test_a_picture_smaller_and_recompressed_is_a_near_copy_and_another_is_not() -> None:
    rng = np.random.default_rng(0)
    picture, other = (draw_picture("red", shape, rng) for shape in ("circle", "square"))
    _, data = cv2.imencode(".jpg", cv2.resize(picture, (64, 48)), [cv2.IMWRITE_JPEG_QUALITY, 60])
    hashes = np.stack([difference_hash(cv2.imdecode(data, cv2.IMREAD_COLOR)), difference_hash(other)])

    assert near_copies(hashes, difference_hash(picture)[None]).tolist() == [True, False]
    assert near_copies(hashes, hashes[:0]).tolist() == [False, False]
    assert repetitions(hashes[[0, 1, 0]]).tolist() == [2]


@given(st.integers(16, 300), st.integers(16, 300), st.integers(8, 64))
def test_a_picture_of_any_shape_becomes_a_square(height: int, width: int, size: int) -> None:
    assert square(np.zeros((height, width, 3), np.uint8), size).shape == (size, size, 3)


def test_what_is_no_picture_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("no picture")

    assert [read_image(tmp_path / name) for name in ("none.jpg", "empty.jpg", "text.jpg")] == [None] * 3


def test_words_of_captions_come_before_those_that_are_listed() -> None:
    pictures = [
        Picture("a", "train", "hot dog", captions=("a dog runs", "a dog sits")),
        Picture("b", "dev", captions=("a zebra", "the zebra")),
    ]

    words = list_words(pictures, ["a frog", "two frogs"], ["runs", "quickly"])

    assert words[:2] == ["a", "dog"]
    assert set(words) == {"a", "dog", "runs", "hot", "quickly"}
    assert words[-1] == "quickly"


def test_a_sentence_that_dev_has_is_only_measured_with() -> None:
    pictures = [Picture("a", "train", captions=("a dog", "the dog")), Picture("b", "dev", captions=("a dog",))]

    listed = list_sentences(pictures, ["dog"], ["a cat"], np.random.default_rng(0))

    assert ("dev", "a dog") in listed
    assert ("caption", "the dog") in listed
    assert ("text", "a cat") in listed
    assert len({sentence for _, sentence in listed}) == len(listed)


@given(st.lists(st.text("ab ", max_size=30), min_size=1, max_size=4), st.integers(0, 99))
def test_pieces_are_made_of_the_words_of_captions(captions: list[str], seed: int) -> None:
    made = pieces(captions, 5, np.random.default_rng(seed))

    known = {word for caption in captions for word in caption.split()} | {"and", "with", "near", "in"}
    assert all(set(piece.split()) <= known for piece in made)


def test_a_prepared_folder_keeps_pictures_sentences_and_drawn_frames(material: Material) -> None:
    assert material.pixels.shape == (66, 128, 128, 3)
    assert (len(material.train), len(material.parts), len(material.dev)) == (60, 30, 6)
    assert material.drawn.shape == (4, 128, 128, 3)
    assert material.drawn_tokens.shape[0] == 4
    assert "red" in material.words
    assert material.tokens.shape == (len(material.sentences), TINY.max_words)


def test_pictures_of_the_dev_split_and_their_sentences_are_in_no_pair(material: Material) -> None:
    pairs = caption_pairs(material) + label_pairs(material)

    assert {row for row, _ in pairs} == set(material.train.tolist())
    assert all(material.kinds[row] != "dev" for _, sentences in pairs for row in sentences)
    assert not any(material.sentences[row].startswith("only measured") for row in material.taught_sentences)


def test_pictures_without_a_class_have_number_minus_one(material: Material) -> None:
    numbers = class_numbers(material, range(len(material.pictures)))

    assert [number >= 0 for number in numbers] == [
        picture.label != "" and picture.split == "train" for picture in material.pictures
    ]


def test_copies_and_unreadable_files_are_kept_out_of_training(tmp_path: Path) -> None:
    listing = write_pictures(tmp_path)
    rows = ["0.png,test,,", "1.png,train,,a red circle", "copy.png,train,,again", "near.png,train,,as in the test"]
    (tmp_path / "copy.png").write_bytes((tmp_path / "1.png").read_bytes())
    (tmp_path / "near.png").write_bytes((tmp_path / "0.png").read_bytes())
    listing_of(tmp_path, *rows, "none.png,train,,nothing")

    counts = prepare(
        TINY, read_listing(listing), tmp_path, tmp_path / "work", Texts(), Added(crops=2), progress=lambda _: None
    )

    assert (counts["train"], counts["crops"], counts["copies"], counts["unreadable"]) == (1, 2, 2, 1)
    material = Material(tmp_path / "work")
    assert [material.pictures[row].path for row in material.train] == ["1.png"] * 3, "the picture and its parts"


def test_parts_of_a_picture_are_pictures_of_their_own(work: Path, tmp_path: Path) -> None:
    material = Material(work)
    whole = np.setdiff1d(material.train, material.parts)
    assert len(material.parts) == len(whole) > 0
    assert material.parts.min() > whole.max()
    for row in material.parts:
        entry = material.pictures[row]
        assert entry.box is not None
        picture = read_image(work.parent / "images" / entry.path)
        assert picture is not None
        np.testing.assert_array_equal(material.pixels[row], square(picture, 128, entry.box))
        top, left, bottom, right = entry.box
        assert 0 <= top < bottom <= 1
        assert 0 <= left < right <= 1
        assert (bottom - top) * (right - left) > 0.1


def test_parts_say_nothing_twice(tmp_path: Path) -> None:
    listing = write_pictures(tmp_path)
    listing_of(tmp_path, "1.png,train,,a red circel", "2.png,train,,a red square")
    for crops in (0, 4):
        work = tmp_path / str(crops)
        prepare(TINY, read_listing(listing), tmp_path, work, Texts(), Added(crops=crops), progress=lambda _: None)
        assert "red" in Material(work).words
        assert "circel" not in Material(work).words, "a slip of one caption, however many parts its picture has"


def test_a_box_is_cut_out_of_the_middle_of_a_picture() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[:50, 33:100] = 250  # the upper left quarter of the middle, which is 133 wide
    assert square(picture, 20, (0.0, 0.0, 0.5, 0.5)).min() > 240
    assert square(picture, 20, (0.5, 0.5, 1.0, 1.0)).max() < 10


def test_a_folder_is_prepared_once(work: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="prepared already"):
        prepare(TINY, [], tmp_path, work, Texts(), Added(), progress=lambda _: None)
    with pytest.raises(UsageError, match="no prepared pictures"):
        Material(tmp_path)


def test_features_of_several_teachers_stand_side_by_side(material: Material) -> None:
    features = TeacherFeatures(material)

    found = features(material.train[:5])

    assert features.widths == [3, 192]
    assert found.dtype == np.float32
    for part in np.split(found, [3], axis=1):
        np.testing.assert_allclose(np.linalg.norm(part, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda work: (work / FEATURES / "pixels.npy").unlink(),
        lambda work: np.save(work / FEATURES / "pixels.npy", np.zeros((3, 4), np.float32)),
        lambda work: np.save(work / FEATURES / "pixels.npy", np.zeros((66, 4), np.int8)),
    ],
)
def test_features_that_do_not_fit_are_refused(spoil: Callable[[Path], None], work: Path, tmp_path: Path) -> None:
    copied = tmp_path / "work"
    copied.mkdir()
    for file in work.iterdir():
        if file.is_file():
            (copied / file.name).symlink_to(file)
    (copied / FEATURES).mkdir()
    np.save(copied / FEATURES / "pixels.npy", np.zeros((66, 4), np.float32))
    TeacherFeatures(Material(copied))

    spoil(copied)

    with pytest.raises(UsageError):
        TeacherFeatures(Material(copied))


def test_missing_vectors_of_sentences_are_named(work: Path, tmp_path: Path) -> None:
    material = Material(work)
    assert len(material.vectors()) == len(material.sentences)
    material.work = tmp_path
    with pytest.raises(UsageError, match=VECTORS):
        material.vectors()


@pytest.mark.slow
def test_a_network_of_tensorflow_lite_is_asked_about_each_picture_and_its_mirror_image(
    line: CommandLine, tmp_path: Path
) -> None:
    work, model = prepare_work(tmp_path, drawn=0), tmp_path / "halves.tflite"
    model.write_bytes(network_of_halves())
    shutil.rmtree(work / FEATURES)
    (work / FEATURES).mkdir()
    asked = ("train", "pictures", "features", "--work", work, "--images", tmp_path / "images", "--model")

    done = line(*asked, model, "--json")

    assert done.code == 0, done.err
    material, found = Material(work), np.load(done.document["path"])
    assert found.shape == (66, 6)
    for row in (1, material.parts[1]):
        entry = material.pictures[row]
        view = square(read_image(tmp_path / "images" / entry.path), 16, entry.box) / 127.5 - 1
        np.testing.assert_allclose(found[row], np.tile(view.mean((0, 1)), 2), atol=1e-5)
    assert TeacherFeatures(material).widths == [6]
    assert line(*asked, tmp_path / "images" / "1.png").code == 2


def network_of_halves() -> bytes:
    """The mean colours of the left and the right half of a picture of 16 x 16."""
    tf = runtime.tensorflow()

    @tf.function(input_signature=[tf.TensorSpec((1, 16, 16, 3), tf.float32)])
    def halves(picture: Any) -> Any:
        return tf.concat([tf.reduce_mean(half, (1, 2)) for half in tf.split(picture, 2, axis=2)], 1)

    converter = tf.lite.TFLiteConverter.from_concrete_functions([halves.get_concrete_function()])
    return bytes(converter.convert())


def test_pictures_are_prepared_from_the_command_line(line: CommandLine, tmp_path: Path) -> None:
    listing, words = write_pictures(tmp_path, each=1), tmp_path / "words.txt"
    words.write_text("zebra\n")
    asked = ("train", "pictures", "prepare", listing, "--images", tmp_path, "--work", tmp_path / "work")

    done = line(*asked, "--words", words, "--drawn", 1, "--json")

    assert done.code == 0
    assert (done.document["train"], done.document["crops"]) == (10, 40)
    assert "zebra" in (tmp_path / "work" / "words.txt").read_text().split()
    assert json.loads((tmp_path / "work" / "config.json").read_text())["name"] == "mini"
    assert line(*asked).code == 2
