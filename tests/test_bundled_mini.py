"""The encoder that is shipped inside the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.evaluating.captions_file import read_captions
from indexer.evaluating.retrieval import evaluate_retrieval
from indexer.samples.folder import draw_samples
from search.encoders.registry import BUNDLED, open_encoder
from search.encoders.s3d import read_config
from search.encoders.saved_model import SavedModelEncoder

FOLDER = BUNDLED / "mini"
FILMS, SEED = 40, 90_210


def test_it_is_what_its_configuration_says() -> None:
    spec, config = open_encoder("mini").spec, read_config("mini")

    assert (spec.name, spec.dim, spec.frames) == ("mini", config.dim, config.frames)
    assert (spec.fps, spec.size) == (config.fps, config.size)


def test_it_knows_the_words_it_was_trained_on_and_says_which_it_does_not() -> None:
    assert open_encoder("mini").unknown_words("a dog bouncing on the beach") == []
    assert open_encoder("mini").unknown_words("a dog on a blorptang") == ["blorptang"]


def test_it_is_small_and_has_a_card_without_an_empty_field() -> None:
    card = (FOLDER / "card.md").read_text("utf-8")

    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 25e6
    assert all(word in card for word in ("Data", "Training", "Figures", "Words", "Limits", "Licence"))
    assert ":** \n" not in card


@pytest.mark.slow
def test_sentences_are_encoded_alike_by_the_graph_and_by_numpy() -> None:
    encoder = SavedModelEncoder(FOLDER)
    sentences = ["a happy dog is bouncing on the beach", "ROBOT!", "nothing known: xyzzy", ""]

    graph = encoder.signatures["text"]([sentence.encode() for sentence in sentences])

    np.testing.assert_allclose(encoder.encode_texts(sentences), graph, atol=1e-4)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_it_finds_drawn_films_it_has_never_seen(tmp_path: Path) -> None:
    draw_samples(tmp_path, FILMS, SEED, 480, 270, lambda share: None)

    report = evaluate_retrieval(read_captions(tmp_path / "captions.csv"), tmp_path, open_encoder("mini"))

    assert report.text_to_video.r5 >= 0.8
