from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search import runtime
from search.encoders.mini.export import Precision, export
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig, text_network, video_network
from search.encoders.saved_model import SavedModelEncoder
from search.encoders.text_tower import TextTower

pytestmark = pytest.mark.slow

CONFIG = S3DConfig("tiny", 8, 5.0, 32, 16, 0.125, "space_to_depth", word_dim=6, hidden=10, max_words=4)
WORDS = ("a", "cat", "dog", "it's", "on", "snow_man")
SENTENCES = [
    "a dog on a cat",
    "A DOG; on?the cat",
    "it's a snow_man",
    "dog",
    "nothing here is known",
    "",
    "   ",
    "ÉCOLE dog 犬 🐕 a\ncat\ton",
    "Kelvin \u212a a",
    "a a a a a dog",
]


CLOSE = {"float16": 2e-3, "int8": 3e-2}
"""How far a clip's vector may be from that of the trained network, as a share of its largest number."""


@pytest.fixture(scope="module", params=list(CLOSE))
def precision(request: pytest.FixtureRequest) -> Precision:
    chosen: Precision = request.param
    return chosen


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, precision: Precision) -> tuple[Path, object, object]:
    runtime.keras().utils.set_random_seed(3)
    video, text = video_network(CONFIG), text_network(CONFIG, len(WORDS))
    folder = tmp_path_factory.mktemp("tiny")
    export(CONFIG, WORDS, video.get_weights(), text.get_weights(), folder, precision=precision)
    return folder, video, text


def test_the_graph_and_numpy_give_one_vector_for_a_sentence(exported: tuple[Path, object, object]) -> None:
    folder, _, _ = exported
    signature = runtime.tensorflow().saved_model.load(str(folder)).signatures["text"]

    graph = signature(text=runtime.tensorflow().constant(SENTENCES))["text_embedding"].numpy()

    np.testing.assert_allclose(graph, TextTower.load(folder / "text_tower").encode(SENTENCES), atol=1e-4)


def test_the_exported_networks_are_the_trained_ones(
    exported: tuple[Path, object, object], precision: Precision
) -> None:
    folder, video, text = exported
    encoder = SavedModelEncoder(folder)
    clips = np.random.default_rng(0).integers(0, 256, (3, 8, 32, 32, 3), np.uint8)
    trained = video(clips / np.float32(255))["video_embedding"].numpy()  # type: ignore[operator]
    known = text(Vocabulary(WORDS, CONFIG.max_words).tokens(SENTENCES[:4])).numpy()  # type: ignore[operator]

    np.testing.assert_allclose(encoder.encode_clips(clips), trained, atol=CLOSE[precision] * np.abs(trained).max())
    np.testing.assert_allclose(encoder.encode_texts(SENTENCES[:4]), known, atol=1e-2 * np.abs(known).max())


def test_a_sentence_without_a_known_word_is_the_vector_of_a_silent_word(
    exported: tuple[Path, object, object],
) -> None:
    folder, _, text = exported
    _, _, bias1, kernel2, bias2 = (np.float32(w) for w in text.get_weights())  # type: ignore[attr-defined]

    unknown = SavedModelEncoder(folder).encode_texts(["xyzzy"])[0]

    np.testing.assert_allclose(unknown, np.maximum(bias1, 0) @ kernel2 + bias2, atol=1e-3)


def test_model_json_tells_what_the_model_wants(exported: tuple[Path, object, object]) -> None:
    said = json.loads((exported[0] / "model.json").read_text())

    assert said["schema"] == 1
    assert (said["name"], said["frames"], said["fps"], said["size"], said["dim"]) == ("tiny", 8, 5.0, 32, 16)


def test_plain_tensorflow_runs_it_without_this_project(exported: tuple[Path, object, object], tmp_path: Path) -> None:
    program = (
        "import sys, tensorflow as tf\n"
        "signatures = tf.saved_model.load(sys.argv[1]).signatures\n"
        "out = signatures['video'](video=tf.zeros((5, 8, 32, 32, 3)))\n"
        "assert sorted(out) == ['mixed_5c', 'video_embedding'] and out['video_embedding'].shape == (5, 16)\n"
        "assert signatures['text'](text=tf.constant(['a dog']))['text_embedding'].shape == (1, 16)\n"
        "assert 'search' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(exported[0])],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=250,
    )

    assert done.returncode == 0, done.stderr.decode()[-2000:]
