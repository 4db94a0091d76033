from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.training.start import TEXT_LAYERS, KeptSentences, Start
from search import runtime
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig, text_network
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
