from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.training.checkpoint import Checkpoint
from indexer.training.sources import Example
from indexer.training.start import TEXT_LAYERS, KeptSentences, Start
from indexer.training.trainer import Trainer, TrainingPlan
from search import runtime
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig, text_network, video_network
from search.errors import UsageError

TINY = S3DConfig("tiny", 8, 5.0, 32, 4, 0.125, "space_to_depth", word_dim=3, hidden=6, max_words=4)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    shapes = {"word_embd": [(4, 3)], "fc1": [(3, 6), (6,)], "fc2": [(6, 4), (4,)]}
    arrays = {
        f"{layer}/{i}": rng.normal(size=shape).astype("float32")
        for layer, each in zip(TEXT_LAYERS, shapes.values(), strict=True)
        for i, shape in enumerate(each)
    }
    np.savez(tmp_path / "start.npz", words=["a", "cat", "dog"], sentences=["a dog", "cat"], **arrays)
    return tmp_path / "start.npz"


def test_a_training_begins_with_the_weights_of_the_file(weights: Path) -> None:
    start, text = Start.read(weights), text_network(TINY, 3)
    vocabulary = Vocabulary(start.words, TINY.max_words)

    start.put_into(text)
    tokens, places = KeptSentences(start, vocabulary).sample(np.random.default_rng(0), 5)

    answers = runtime.keras().ops.convert_to_numpy(text(tokens))
    np.testing.assert_allclose(answers, places, rtol=1e-4, atol=1e-5)
    assert {tuple(row) for row in tokens} == {(1, 3, 0, 0), (2, 0, 0, 0)}


def test_weights_of_another_configuration_are_refused(weights: Path) -> None:
    with pytest.raises(UsageError, match="do not fit the layer"):
        Start.read(weights).put_into(text_network(TINY, 7))


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_file_that_holds_no_weights_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "start.npz").write_bytes(content)

    with pytest.raises(UsageError, match="no weights to begin with"):
        Start.read(tmp_path / "start.npz")


@pytest.mark.slow
def test_statistics_stay_as_a_start_has_them_and_gains_are_learnt(weights: Path) -> None:
    told = Start.read(weights)
    network = video_network(TINY)
    layers = {layer.name: layer.get_weights() for layer in network.layers if layer.get_weights()}
    start = Start(told.words, told.sentences, told.layers | layers)

    assert moved(start) == {"gamma": True, "beta": True, "moving_mean": False, "moving_variance": False}
    assert moved(None)["moving_mean"], "without a start there are no statistics to keep"


def moved(start: Start | None) -> dict[str, bool]:
    """Which weights of a batch normalisation one step of training changes."""
    plan = TrainingPlan(batch=2, warm_up=1, learning_rate=0.1)
    trainer = Trainer(TINY, plan, Checkpoint(["a", "cat", "dog"]), start)
    normalisation = trainer.video.get_layer("conv_2b_bn1")
    before = normalisation.get_weights()
    clips = [Example(np.full((8, 32, 32, 3), shade, np.uint8), (name,)) for shade, name in ((9, "cat"), (99, "dog"))]
    trainer.step(clips, ["a"], np.random.default_rng(0))
    pairs = zip(normalisation.weights, before, normalisation.get_weights(), strict=True)
    return {weight.name: not np.array_equal(old, new) for weight, old, new in pairs}
