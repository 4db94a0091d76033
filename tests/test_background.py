"""The background sentences: which ones, and that a library keeps their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from search.background import background_vectors, kept_background_vectors, sentences
from search.contracts import Float32
from search.encoders.text_tower import MAX_WORDS
from tests.fakes import FAKE_SPEC, FakeEncoder, words_of


class Counting(FakeEncoder):
    """Knows every word but `robot`, and how often it was asked for vectors."""

    calls = 0

    def unknown_words(self, text: str) -> list[str]:
        return [word for word in words_of(text) if word == "robot"]

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        self.calls += 1
        assert not any("robot" in words_of(text) for text in texts)
        return super().encode_texts(texts)


def test_sentences_with_an_unknown_word_are_left_out() -> None:
    assert 300 < len(background_vectors(Counting())) < 400
    assert background_vectors(FakeEncoder()).shape == (0, FAKE_SPEC.dim)


def test_they_are_encoded_once_for_a_library(tmp_path: Path) -> None:
    encoder = Counting()
    first, second = (kept_background_vectors(encoder, tmp_path) for _ in range(2))
    assert encoder.calls == 1
    assert np.array_equal(first, second)


def test_another_encoder_has_its_own_and_the_old_ones_go(tmp_path: Path) -> None:
    kept_background_vectors(Counting(), tmp_path)
    other = Counting(replace(FAKE_SPEC, fingerprint="0" * 64))
    kept_background_vectors(other, tmp_path)
    assert other.calls == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_spoiled_file_is_made_anew(tmp_path: Path) -> None:
    whole = kept_background_vectors(Counting(), tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert np.array_equal(kept_background_vectors(Counting(), tmp_path), whole)


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    assert len(kept_background_vectors(Counting(), tmp_path / "not there")) > 0


def test_no_sentence_stands_twice_or_is_longer_than_a_text_tower_reads() -> None:
    assert len(set(sentences())) == len(sentences())
    assert max(len(words_of(sentence)) for sentence in sentences()) <= MAX_WORDS
