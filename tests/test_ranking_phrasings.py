"""Several phrasings of a question make one vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.contracts import Float32
from search.ranking.phrasings import MOST_PARTS, average, phrasings, question_vector
from tests.fakes import FAKE_SPEC, FakeEncoder


class Mini(FakeEncoder):
    """An encoder with which phrasings help; it knows no zebra, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(replace(FAKE_SPEC, name="mini"))
        self.asked: list[str] = []

    def unknown_words(self, text: str) -> list[str]:
        return [word for word in text.lower().split() if word == "zebra"]

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        self.asked += texts
        return super().encode_texts(texts)


def test_a_question_is_asked_whole_without_small_words_and_in_parts() -> None:
    assert phrasings("a red ball is rolling in the green grass") == [
        "a red ball is rolling in the green grass",
        "red ball rolling green grass",
        "red ball rolling",
        "ball rolling green",
        "rolling green grass",
    ]


def test_a_short_question_has_no_parts() -> None:
    assert phrasings("a dog on a beach") == ["a dog on a beach", "dog beach"]


def test_small_words_alone_are_asked_as_they_are() -> None:
    assert phrasings("is there some of it") == ["is there some of it"]


def test_words_that_the_encoder_does_not_know_fill_no_part() -> None:
    encoder = Mini()
    question_vector(encoder, "a Zebra and a red ball")
    assert encoder.asked == ["a Zebra and a red ball", "red ball"]


def test_other_encoders_are_asked_the_question_as_it_is() -> None:
    encoder = FakeEncoder()
    plain = encoder.encode_texts(["a red ball and a green wall"])[0]
    assert np.array_equal(question_vector(encoder, "a red ball and a green wall"), plain)


@given(st.text(max_size=300))
def test_any_text_has_a_bounded_number_of_phrasings_none_empty_but_the_text(text: str) -> None:
    found = phrasings(text)
    assert found[0] == text
    assert all(found[1:])
    assert len(found) <= 2 + MOST_PARTS


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_average_keeps_the_length_of_the_question_so_that_scores_keep_their_scale(count: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(count, 8)).astype(np.float32)
    averaged = average(vectors)
    assert averaged.dtype == np.float32
    assert np.linalg.norm(averaged) == pytest.approx(float(np.linalg.norm(vectors[0])), rel=1e-5)
    assert count > 1 or np.allclose(averaged, vectors[0], atol=1e-6)
