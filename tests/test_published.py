"""Published weights in our networks, against the published arithmetic in NumPy."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.encoders.importing import Precision, import_published
from search.encoders.published import convert, published_names, read_words
from search.encoders.s3d import S3DConfig, read_config, text_network, video_network
from search.encoders.saved_model import SavedModelEncoder
from search.errors import CannotGoOn, ModelUnavailable, UsageError
from tests.published_weights import Array, draw_weights, encode_clip, encode_text, published_shapes

TINY = S3DConfig("tiny", 8, 5.0, 32, 16, 0.125, "space_to_depth", word_dim=6, hidden=10, max_words=4)
WORDS = ["a", "cat", "dog", "it's", "on", "snow_man", "cat"]
SENTENCES = ["a dog on a cat", "A DOG; on?the cat", "it's a snow_man", "dog", "nothing known", "", "cat dog on a a a"]
STEMS = ["space_to_depth", "plain"]


def save(weights: dict[str, Array], folder: Path) -> Path:
    np.savez(folder / "weights.npz", **weights)
    return folder / "weights.npz"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text("\n".join(WORDS) + "\n")
    return tmp_path / "words.txt"


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_clips_get_the_vectors_of_the_published_arithmetic(stem: str) -> None:
    config = replace(TINY, stem=stem)  # type: ignore[arg-type]
    weights = draw_weights(config, len(WORDS))
    network = video_network(config)
    network.set_weights(convert(weights, config, WORDS).video)
    clips = np.random.default_rng(1).random((2, 8, 32, 32, 3), np.float32)

    ours = {name: np.asarray(value) for name, value in network(clips).items()}

    for i, clip in enumerate(clips):
        embedding, feature = encode_clip(clip, weights, config)
        np.testing.assert_allclose(ours["video_embedding"][i], embedding, atol=1e-4 * np.abs(embedding).max())
        np.testing.assert_allclose(ours["mixed_5c"][i], feature, atol=1e-4 * np.abs(feature).max())
    there, back = ours["video_embedding"]
    assert np.abs(there - back).max() > 0.01 * np.abs(there).max(), "weights that tell no clip from another"


@pytest.mark.slow
def test_words_get_the_vectors_of_the_published_arithmetic() -> None:
    weights = draw_weights(TINY, len(WORDS))
    network = text_network(TINY, len(WORDS))
    network.set_weights(convert(weights, TINY, WORDS).text)

    full = network(np.array([[1, 3, 5, 7]]))[0]  # no padding, which our network passes over

    expected = encode_text("a dog on cat", WORDS, weights, TINY.max_words)
    np.testing.assert_allclose(np.asarray(full), expected, atol=1e-5)


def test_the_names_are_those_of_the_published_file() -> None:
    path = Path(os.environ.get("VSEARCH_TEST_DATA", "")) / "../reference/s3d_howto100m_shapes.json"
    if not path.exists():
        pytest.skip("the table of published shapes is not on this machine")
    table = json.loads(path.read_text())["parameters"]
    shapes = published_shapes(read_config("s3d"), 66249)

    assert set(published_names()) == {name for name in table if "num_batches" not in name}
    assert {name: list(shape) for name, shape in shapes.items()} == table


@pytest.mark.slow
def test_wrapped_names_and_counters_of_pytorch_are_understood() -> None:
    weights = draw_weights(TINY, len(WORDS))
    wrapped = {f"module.{name}": weight for name, weight in weights.items()}
    wrapped["module.conv1.bn1.num_batches_tracked"] = np.array(7)

    for ours, same in zip(convert(weights, TINY, WORDS).video, convert(wrapped, TINY, WORDS).video, strict=True):
        np.testing.assert_array_equal(ours, same)


def test_missing_and_unknown_weights_are_named() -> None:
    weights = draw_weights(TINY, len(WORDS))
    del weights["fc.bias"], weights["conv1.conv1.weight"]
    weights["classifier.weight"] = np.zeros(3, np.float32)

    with pytest.raises(UsageError) as raised:
        convert(weights, TINY, WORDS)

    assert "lack conv1.conv1.weight, fc.bias" in raised.value.message
    assert "hold classifier.weight" in raised.value.message


def test_of_many_missing_weights_the_first_three_are_named() -> None:
    with pytest.raises(UsageError, match=r"conv1\.conv1\.weight, conv1\.bn1\.weight, conv1\.bn1\.bias and \d+ more"):
        convert({}, TINY, WORDS)


@pytest.mark.slow
def test_weights_of_another_configuration_are_named_with_their_shape() -> None:
    with pytest.raises(UsageError, match=r"conv1\.conv1\.weight \[8, 24, 2, 4, 4\]"):
        convert(draw_weights(TINY, len(WORDS)), replace(TINY, stem="plain"), WORDS)


def test_a_list_of_words_of_another_length_is_refused_with_both_counts() -> None:
    weights = draw_weights(TINY, len(WORDS))
    with pytest.raises(UsageError, match="8 rows, and 2 words"):
        convert(weights, TINY, ["a", "b"])
    weights["text_module.word_embd.weight"] = np.array(3.0, np.float32)
    with pytest.raises(UsageError, match="1 rows"):
        convert(weights, TINY, WORDS)


def test_words_come_from_text_or_an_array_of_strings(tmp_path: Path, words: Path) -> None:
    np.save(tmp_path / "words.npy", np.array(WORDS))
    (tmp_path / "windows.txt").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(WORDS).encode())

    assert read_words(words) == read_words(tmp_path / "words.npy") == read_words(tmp_path / "windows.txt") == WORDS


def test_words_that_need_unpickling_or_are_none_are_refused(tmp_path: Path) -> None:
    arrays = {"pickled": np.array(["a", 3], object), "numbers": np.arange(3), "lines": np.array(["a\nb"])}
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
        with pytest.raises(UsageError):
            read_words(tmp_path / f"{name}.npy")


@pytest.mark.slow
def test_weights_beyond_float16_are_refused_in_float16(tmp_path: Path, words: Path) -> None:
    weights = draw_weights(TINY, len(WORDS))
    weights["conv1.bn1.running_var"][0] = 1e5

    with pytest.raises(ModelUnavailable, match="float16 does not hold"):
        import_published(save(weights, tmp_path), words, TINY, tmp_path / "out", "float16")

    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.slow
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, words: Path) -> None:
    weights = draw_weights(TINY, len(WORDS))
    weights["mixed_4b.conv_b0.bn1.running_var"][3] = np.nan

    with pytest.raises(ModelUnavailable, match="reach nan"):
        import_published(save(weights, tmp_path), words, TINY, tmp_path / "out")


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path, words: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotGoOn, match="cannot be written"):
        import_published(save(draw_weights(TINY, len(WORDS)), tmp_path), words, TINY, tmp_path / "file" / "out")


def test_a_folder_that_exists_is_not_touched(tmp_path: Path, words: Path) -> None:
    with pytest.raises(UsageError, match="exists already"):
        import_published(tmp_path / "none.npz", words, TINY, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("precision", "video_error", "text_error"), [("float32", 1e-4, 1e-5), ("float16", 0.05, 5e-3)]
)
def test_the_written_model_answers_as_published(
    tmp_path: Path, words: Path, precision: Precision, video_error: float, text_error: float
) -> None:
    weights = draw_weights(TINY, len(WORDS))
    clips = np.random.default_rng(1).integers(0, 256, (2, 8, 32, 32, 3), np.uint8)

    imported = import_published(save(weights, tmp_path), words, TINY, tmp_path / "out", precision)

    encoder = SavedModelEncoder(tmp_path / "out", models=tmp_path / "notes")
    published = np.stack([encode_clip(clip / np.float32(255), weights, TINY)[0] for clip in clips])
    sentences = np.stack([encode_text(text, WORDS, weights, TINY.max_words) for text in SENTENCES])
    graph = encoder.signatures["text"]([sentence.encode() for sentence in SENTENCES])
    np.testing.assert_allclose(encoder.encode_clips(clips), published, atol=video_error * np.abs(published).max())
    np.testing.assert_allclose(encoder.encode_texts(SENTENCES), sentences, atol=text_error)
    np.testing.assert_allclose(graph, sentences, atol=text_error)
    assert imported.video_difference <= video_error
    assert imported.text_difference <= text_error
    assert "differ by" in (tmp_path / "out" / "card.md").read_text()


@pytest.mark.slow
def test_at_full_size_the_written_model_answers_as_published(tmp_path: Path) -> None:
    config = read_config("s3d")
    config = replace(config, frames=8, size=64)  # every weight at its full size, over fewer pixels
    vocabulary = [f"w{i}" for i in range(66_249)]
    (tmp_path / "words.txt").write_text("\n".join(vocabulary))
    weights = draw_weights(config, len(vocabulary))
    clips = np.random.default_rng(1).integers(0, 256, (1, 8, 64, 64, 3), np.uint8)

    imported = import_published(save(weights, tmp_path), tmp_path / "words.txt", config, tmp_path / "out")

    encoder = SavedModelEncoder(tmp_path / "out", models=tmp_path / "notes")
    published, _ = encode_clip(clips[0] / np.float32(255), weights, config)
    sentence = encode_text("w3 W66248 unknown", vocabulary, weights, config.max_words)
    np.testing.assert_allclose(encoder.encode_clips(clips)[0], published, atol=1e-3 * np.abs(published).max())
    np.testing.assert_allclose(encoder.encode_texts(["w3 W66248 unknown"])[0], sentence, atol=1e-5)
    assert imported.words == 66_249
